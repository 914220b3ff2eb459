"""``python -m codeling`` is the same program as the console command ``codeling``."""

from codeling.cli import main

if __name__ == "__main__":
    main()

"""What every test can rely on, however pytest was started."""

import signal

# A shell without job control starts what it puts in the background with SIGINT ignored, and processes inherit that:
# no test of Ctrl-C could pass.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

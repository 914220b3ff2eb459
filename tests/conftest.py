"""What every test can rely on, however pytest was started."""

import signal

from hypothesis import HealthCheck, settings

# A shell without job control starts what it puts in the background with SIGINT ignored, and processes inherit that:
# no test of Ctrl-C could pass.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How many random inputs a property is tried on: few each time, which over time are many; `make test-all` takes
# "thorough". How long one takes depends on what else the machine does; a test that hangs is ended by pytest-timeout.
settings.register_profile("few", max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("few"), max_examples=300)
settings.load_profile("few")

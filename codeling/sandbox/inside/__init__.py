"""What runs inside a sandbox, beside the program: sent there as code, so it imports the standard library only.

These modules are loaded by the few lines of `codeling.sandbox.boot`, perhaps in another Python (3.8 or newer) than
ours. Each may import those that `boot.MODULES` lists before it.
"""

"""The decoder: configuration, norms, positions, attention, MLP, KV cache, fused loss."""

#!/bin/bash
# The specification's full script: a tokenizer, a language model, a code model, a model that calls tools.
# Options given here go to every training command, e.g.: bash scripts/train_all.sh --gradient-checkpointing
set -euo pipefail

echo "=== Stage 0: Tokenizer ==="
python scripts/download_code_corpus.py
python scripts/train_code_tokenizer.py

echo "=== Stage 1: Language ==="
python scripts/download_data.py
python scripts/prepare_data.py
python scripts/train.py --stage language --model-size large \
    --batch-size 2 --num-epochs 3 --learning-rate 1e-4 \
    --use-rmsnorm --use-rope --use-compile --use-amp "$@"

echo "=== Stage 2: Code ==="
python scripts/prepare_code_data.py
python scripts/train.py --stage code \
    --checkpoint models/language_model_best.pth \
    --data-file code_train_large.npy \
    --batch-size 2 --num-epochs 5 --learning-rate 5e-6 \
    --use-rmsnorm --use-rope --use-compile --use-amp "$@"

echo "=== Stage 3: Tools ==="
python scripts/prepare_tool_calling_data.py
python scripts/train.py --stage tools \
    --checkpoint models/code_model_best.pth \
    --data-file tool_train.npy \
    --batch-size 2 --num-epochs 3 --learning-rate 3e-6 \
    --use-rmsnorm --use-rope --use-compile --use-amp "$@"

echo "=== Done! ==="
echo "Model saved to: models/tool_model_best.pth"

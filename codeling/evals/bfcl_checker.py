"""A program, not a module of this package: BFCL's own check of calls, run by a Python that has `bfcl-eval`.

    NAME_OF_THAT_PYTHON -I bfcl_checker.py < rows.jsonl > verdicts.jsonl

A row: ``{"category", "functions", "ground_truth", "calls": [{NAME: {ARGUMENT: VALUE}}, ...]}``, functions and ground
truth as the benchmark has them. A verdict: ``{"valid": bool, "error": str}``.
"""

import importlib
import json
import sys
import types


def load_checker():
    """``ast_checker`` as it is; only its table of models, which imports every vendor's client, is left out.

    The table is asked one thing: whether a model's names had their dots replaced. Ours have not.
    """
    table = types.ModuleType("bfcl_eval.constants.model_config")
    vars(table)["MODEL_CONFIG_MAPPING"] = {"codeling": types.SimpleNamespace(underscore_to_dot=False)}
    sys.modules[table.__name__] = table
    checker = importlib.import_module("bfcl_eval.eval_checker.ast_eval.ast_checker")
    return checker.ast_checker, importlib.import_module("bfcl_eval.constants.enums").Language


def main():
    ast_checker, language = load_checker()
    languages = {"simple_java": language.JAVA, "simple_javascript": language.JAVASCRIPT}
    for line in sys.stdin:
        row = json.loads(line)
        category = row["category"]
        try:
            result = ast_checker(
                row["functions"],
                row["calls"],
                row["ground_truth"],
                languages.get(category, language.PYTHON),
                category,
                "codeling",
            )
        except Exception as error:  # BFCL's runner also counts what its checker cannot take as wrong
            result = {"valid": False, "error": [f"{type(error).__name__}: {error}"]}
        print(json.dumps({"valid": bool(result["valid"]), "error": str(result["error"])}))


if __name__ == "__main__":
    main()

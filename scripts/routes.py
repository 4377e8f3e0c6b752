"""Write the methods of each path for health_api, which answers where there is no route."""

import json

from scripts.template import DEFAULT_ROUTE, ROOT, functions

TARGET = ROOT / "functions" / "health_api" / "routes.json"


def methods() -> dict[str, list[str]]:
    """The methods of each path of the template."""
    routes = sorted((r.path, r.method) for f in functions() for r in f.routes)
    paths = {path: [m for p, m in routes if p == path] for path, _ in routes}
    paths.pop(DEFAULT_ROUTE)
    return paths


if __name__ == "__main__":
    TARGET.write_text(json.dumps(methods(), indent=2) + "\n", encoding="utf-8")

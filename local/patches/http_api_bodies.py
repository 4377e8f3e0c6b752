"""An `AWS::ApiGatewayV2::Api` takes its routes, authorizers and CORS from `Body`.

That is what `AWS::Serverless::HttpApi` expands to; upstream ignores `Body`, so every path of the
API is a 404.
"""

import json
from typing import Any

from ministack.services import apigateway
from ministack.services.cloudformation import provisioners

from local.patches.expect import expect


def apply() -> None:
    """Read `Body` whenever an API is made or changed."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
    expect(handlers["create"] is provisioners._apigw_v2_api_create, "creation of an HTTP API")
    expect(handlers["update"] is provisioners._apigw_v2_api_update, "update of an HTTP API")
    expect(
        "Body" not in provisioners._apigw_v2_api_create.__code__.co_consts,
        "an HTTP API's Body (does upstream import it now?)",
    )
    upstream_create, upstream_update = handlers["create"], handlers["update"]

    def create(logical_id: str, props: dict[str, Any], stack: str) -> Any:
        created = upstream_create(logical_id, props, stack)
        _import_body(created[0], props)
        return created

    def update(
        physical_id: str,
        old: dict[str, Any],
        new: dict[str, Any],
        stack: str,
        logical_id: str | None = None,
    ) -> Any:
        updated = upstream_update(physical_id, old, new, stack, logical_id=logical_id)
        _import_body(updated[0], new)
        return updated

    handlers["create"], handlers["update"] = create, update


def _import_body(api_id: str, props: dict[str, Any]) -> None:
    body = props.get("Body")
    if not isinstance(body, dict):
        return
    for store in (apigateway._routes, apigateway._integrations, apigateway._authorizers):
        store[api_id] = {}
    cors = body.get("x-amazon-apigateway-cors")
    if cors and not props.get("CorsConfiguration"):
        apigateway._apis[api_id]["corsConfiguration"] = cors
    authorizers = {
        name: _authorizer(api_id, name, scheme["x-amazon-apigateway-authorizer"])
        for name, scheme in body.get("components", {}).get("securitySchemes", {}).items()
    }
    for path, operations in body.get("paths", {}).items():
        for method, operation in operations.items():
            integration = operation.get("x-amazon-apigateway-integration")
            if integration is None:
                continue
            target = _made(_integration(api_id, integration), "integrationId")
            route = {"routeKey": _route_key(path, method), "target": f"integrations/{target}"}
            for requirement in operation.get("security") or []:
                for name, scopes in requirement.items():
                    if name in authorizers:
                        kind, authorizer = authorizers[name]
                        route |= {"authorizationType": kind, "authorizerId": authorizer}
                        route |= {"authorizationScopes": scopes} if kind == "JWT" else {}
            _made(apigateway._create_route(api_id, route), "routeId")


def _route_key(path: str, method: str) -> str:
    if path in ("$default", "/$default"):
        return "$default"
    return f"{'ANY' if method == 'x-amazon-apigateway-any-method' else method.upper()} {path}"


def _authorizer(api_id: str, name: str, facts: dict[str, Any]) -> tuple[str, str]:
    """How routes name the authorizer's kind, and its id."""
    kind, source = facts.get("type", "jwt"), facts.get("identitySource")
    told: dict[str, Any]
    if kind == "jwt":
        told = {
            "authorizerType": "JWT",
            "identitySource": [source or "$request.header.Authorization"],
            "jwtConfiguration": facts["jwtConfiguration"],
        }
    else:
        expect(kind == "request", f"authorizer {name} is of an unknown kind")
        told = {
            "authorizerType": "REQUEST",
            "identitySource": source,
            "authorizerUri": facts["authorizerUri"],
            "authorizerPayloadFormatVersion": facts["authorizerPayloadFormatVersion"],
            "enableSimpleResponses": facts["enableSimpleResponses"],
            "authorizerResultTtlInSeconds": facts["authorizerResultTtlInSeconds"],
        }
    made = apigateway._create_authorizer(api_id, {"name": name, **told})
    return "JWT" if kind == "jwt" else "CUSTOM", _made(made, "authorizerId")


def _integration(api_id: str, facts: dict[str, Any]) -> Any:
    return apigateway._create_integration(
        api_id,
        {
            "integrationType": facts["type"].upper(),
            "integrationUri": facts["uri"],
            "payloadFormatVersion": facts.get("payloadFormatVersion", "2.0"),
        },
    )


def _made(answer: tuple[int, dict[str, str], bytes], id_name: str) -> str:
    status, _, body = answer
    facts = json.loads(body)
    if status != 201:
        raise ValueError(f"the HTTP API's Body: {facts}")
    return str(facts[id_name])

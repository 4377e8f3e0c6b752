"""What each function may do, and nothing else: agreed here, set in the template.

Rows are named by the start of their partition key, objects by their prefix, anything else by its
name in the template.
"""

_GET, _READ = {"GetItem"}, {"GetItem", "Query"}
_CHANGE = {"GetItem", "PutItem", "UpdateItem"}
_ORDER = _CHANGE | {"BatchGetItem"}
_LANES = {f"{lane}Lane": {"SendMessage"} for lane in ("Single", "Priority", "Standard")}
_WAKE = {"*": {"SendTaskSuccess"}}  # the token is what permits

ROLES: dict[str, dict[str, set[str]]] = {
    "health_api": {},
    "auth_api": {
        "USER#": {"GetItem", "UpdateItem"},
        "RATE#": {"UpdateItem"},
        "UserPool": {"AdminUserGlobalSignOut"},
    },
    "credits_api": {"USER#": _ORDER, "gsi1": {"Query"}},
    "jobs_api": {
        "USER#": _ORDER,
        "JOB#": _ORDER,
        "GROUP#": _ORDER | _READ,
        "RATE#": _ORDER,
        "gsi1": {"Query"},
        "in/": {"GetObject", "PutObject"},
        "out/": {"GetObject"},
    },
    "billing_api": {"USER#": _CHANGE, "INVOICE#": _CHANGE},
    "admin_api": {
        "USER#": _ORDER,
        "STATS#": _READ | {"BatchGetItem"},
        "AUDIT#": {"PutItem"},
        "gsi1": {"Query"},
        "gsi2": {"Query"},
        "UserPool": {"ListUsers"},
    },
    "batches_api": {
        "USER#": _ORDER | _READ,
        "GROUP#": _ORDER | _READ,
        "RATE#": _ORDER | _READ,
        "gsi1": {"Query"},
        "in/": {"PutObject"},
        "orders/": {"GetObject", "PutObject"},
        "out/": {"GetObject"},
        "zip/": {"GetObject"},
        "PhotosBucket": {"ListBucket"},
        "BatchStateMachine": {"StartExecution"},
        **_LANES,
        **_WAKE,
    },
    "process_photo": {
        "JOB#": {"UpdateItem"},
        "GROUP#": {"UpdateItem"},
        "PROVIDER#": {"GetItem", "UpdateItem"},
        "ProviderSecretArn": {"GetSecretValue"},  # only where providers are configured
        "in/": {"GetObject", "DeleteObject"},
        "out/": {"GetObject", "PutObject", "DeleteObject"},
        "work/": {"GetObject", "PutObject", "DeleteObject"},
        "models/": {"GetObject"},
        "PhotosBucket": {"ListBucket"},
        "SettleQueue": {"SendMessage"},
        "SingleLane": {"ChangeMessageVisibility"},
        "PriorityLane": {"ChangeMessageVisibility"},
        "StandardLane": {"ChangeMessageVisibility"},
        **_WAKE,
    },
    "projects_api": {
        "PROJECT#": _ORDER | _READ,
        "JOB#": _GET,
        "USER#": _ORDER | _READ,
        "GROUP#": _ORDER | _READ,
        "RATE#": _ORDER | _READ,
        "gsi1": {"Query"},
        "in/": {"PutObject"},
        "orders/": {"GetObject", "PutObject"},
        "out/": {"GetObject"},
        "kept/": {"GetObject", "PutObject"},
        "PhotosBucket": {"ListBucket"},
        "BatchStateMachine": {"StartExecution"},
        **_LANES,
        **_WAKE,
    },
    "items_api": {
        "PROJECT#": _READ | {"BatchGetItem", "UpdateItem"},
        "USER#": _GET,
        "RATE#": {"UpdateItem"},
        "kept/": {"GetObject"},
    },
    "keep_items": {
        "PROJECT#": _CHANGE | _READ | {"DeleteItem"},
        "GROUP#": _READ | {"UpdateItem"},
        "gsi2": {"Query"},
        "out/": {"GetObject"},
        "kept/": {"PutObject", "DeleteObject"},
        "PhotosBucket": {"ListBucket"},
        **_WAKE,
    },
    "await_photos": {"GROUP#": {"UpdateItem"}, **_WAKE},
    "close_batch": {
        "USER#": _CHANGE | _READ,
        "GROUP#": _CHANGE | _READ,
        "PhotosBucket": {"ListBucket"},
        **_WAKE,
    },
    "zip_batch": {
        "GROUP#": _READ | {"UpdateItem"},
        "out/": {"GetObject"},
        "zip/": {"PutObject", "AbortMultipartUpload"},
        "PhotosBucket": {"ListBucket"},
    },
    "announce_batch": {"GROUP#": _GET, "EventBus": {"PutEvents"}},
    "notify_batch": {
        "USER#": _GET,
        "GROUP#": _READ | {"UpdateItem"},
        "*": {"SendEmail"},  # the sender is what permits
    },
    "webhooks_api": {"HOOKS#": {"GetItem", "UpdateItem"}},
    "deliver_webhook": {
        "HOOKS#": {"GetItem", "UpdateItem"},
        "WebhookQueue": {"SendMessage", "ChangeMessageVisibility"},
    },
    "settle_job": {
        "USER#": _CHANGE,
        "JOB#": _CHANGE,
        "GROUP#": _CHANGE,
        "SettleQueue": {"ChangeMessageVisibility"},
        "SingleLaneDlq": {"ChangeMessageVisibility"},
        "PriorityLaneDlq": {"ChangeMessageVisibility"},
        "StandardLaneDlq": {"ChangeMessageVisibility"},
        **_WAKE,
    },
    "sweep": {
        "USER#": _CHANGE | _READ,
        "JOB#": _CHANGE,
        "GROUP#": _CHANGE | _READ,
        "INVOICE#": _CHANGE,
        "STATS#": {"GetItem", "PutItem"},
        "gsi1": {"Query"},
        "gsi2": {"Query"},
        "in/": {"GetObject"},
        "orders/": {"GetObject"},
        "PhotosBucket": {"ListBucket"},
        "SettleQueue": {"SendMessage"},
        "BatchStateMachine": {"StartExecution"},
        **_LANES,
        **_WAKE,
    },
}

"""Each patch of the laptop cloud: what AWS does, and that ministack alone does something else.

When a test of the second kind fails, upstream has learned it and the patch can go.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest

from local import cloud
from local.layout import REGION, ROOT, ROOT_KEY, Layout
from local.ports import free_port

TEMPLATE = Path(__file__).parent / "laptop_cloud" / "template.yaml"
PATCHES = [
    "api-origins",
    "batch-actions",
    "error-types",
    "http-api-bodies",
    "layers-once",
    "leading-keys",
    "log-waits",
    "queue-urls",
    "scaling-numbers",
    "secure-transport",
    "signed-origins",
    "yaml-definitions",
]


@dataclass(frozen=True)
class Probe:
    """The fixture's stack on one laptop cloud."""

    session: boto3.Session
    layout: Layout
    outputs: dict[str, str]

    def client(self, service: Any) -> Any:
        return self.session.client(service, endpoint_url=self.layout.endpoint)

    def invoke(self, **event: str) -> tuple[Any, str | None]:
        """What the function answers, and the kind of its failure."""
        answer = self.client("lambda").invoke(
            FunctionName=self.outputs["FunctionName"], Payload=json.dumps(event)
        )
        return json.loads(answer["Payload"].read()), answer.get("FunctionError")

    def get(self, path: str, **headers: str) -> httpx.Response:
        stage = f"{self.layout.endpoint}/_aws/execute-api/{self.outputs['ApiId']}/%24default"
        return httpx.get(f"{stage}{path}", headers=headers)

    def get_in_front(self, path: str, **headers: str) -> httpx.Response:
        """Through the distribution, whose name no resolver has to know."""
        label = self.outputs["FrontDomain"].partition(".")[0]
        host = {"Host": f"{label}.cloudfront.localhost:{self.layout.port}"}
        return httpx.get(f"{self.layout.endpoint}{path}", headers=host | headers)


def _probe(state: Path, without: list[str]) -> Iterator[Probe]:
    layout = Layout(state, free_port())
    cloud.start(layout, without)
    try:
        formation = _session(layout).client("cloudformation", endpoint_url=layout.endpoint)
        formation.create_stack(
            StackName="probe",
            TemplateBody=TEMPLATE.read_text("utf-8"),
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        formation.get_waiter("stack_create_complete").wait(
            StackName="probe", WaiterConfig={"Delay": 1, "MaxAttempts": 30}
        )
        yield _found(layout)
    finally:
        cloud.kill(layout)


def _session(layout: Layout) -> boto3.Session:
    return boto3.Session(
        aws_access_key_id=ROOT_KEY,
        aws_secret_access_key=layout.root_secret(),
        region_name=REGION,
    )


def _found(layout: Layout) -> Probe:
    session = _session(layout)
    formation = session.client("cloudformation", endpoint_url=layout.endpoint)
    outputs = formation.describe_stacks(StackName="probe")["Stacks"][0]["Outputs"]
    return Probe(
        session,
        layout,
        {output["OutputKey"]: output["OutputValue"] for output in outputs},
    )


@pytest.fixture(scope="module")
def patched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probe]:
    yield from _probe(tmp_path_factory.mktemp("patched"), [])


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probe]:
    yield from _probe(tmp_path_factory.mktemp("bare"), PATCHES)


def _drained(probe: Probe) -> bool:
    """Whether a message is taken from the queue within some seconds."""
    sqs, url = probe.client("sqs"), probe.outputs["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    for _ in range(30):
        counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        if all(counts[name] == "0" for name in names):
            return True
        time.sleep(0.1)
    return False


def test_an_error_is_named_by_its_class(patched: Probe, bare: Probe) -> None:
    body, failure = patched.invoke(do="raise")
    assert (failure, body["errorType"], body["errorMessage"]) == (
        "Unhandled",
        "OutOfPaper",
        "no more",
    )
    assert bare.invoke(do="raise")[0]["errorType"] == "Runtime.HandlerError"


def test_the_http_api_has_routes_authorizer_and_cors(patched: Probe, bare: Probe) -> None:
    opened = patched.get("/open/door", Origin="https://shop.example")
    assert (opened.status_code, opened.text) == (200, "/open/door")
    assert opened.headers["X-Route"] == "GET /open/{name}"
    assert opened.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert opened.headers["Access-Control-Expose-Headers"] == "X-Request-Id"
    assert patched.get("/closed").status_code == 401
    assert patched.get("/closed", Authorization="Bearer a.b.c").status_code == 401
    assert patched.get("/elsewhere").headers["X-Route"] == "$default"
    assert bare.get("/open/door").status_code == 404


def test_a_distribution_may_stand_in_front_of_an_api(patched: Probe, bare: Probe) -> None:
    opened = patched.get_in_front("/open/door?key=1")
    assert (opened.status_code, opened.text) == (200, "/open/door")
    assert opened.headers["X-Route"] == "GET /open/{name}"
    assert patched.get_in_front("/closed", Authorization="Bearer a.b.c").status_code == 401
    assert patched.get_in_front("/elsewhere").headers["X-Route"] == "$default"
    assert bare.get_in_front("/open/door").status_code == 502


def test_a_distribution_may_stand_in_front_of_a_bucket_that_links_open(
    patched: Probe, bare: Probe
) -> None:
    def answered(probe: Probe) -> int:
        s3, bucket, key = probe.client("s3"), probe.outputs["BucketName"], "out/a photo.png"
        s3.put_object(Bucket=bucket, Key=key, Body=b"a photo")
        signed = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key})
        return probe.get_in_front(signed.split(bucket, 1)[1]).status_code

    assert answered(patched) == 200
    assert patched.get_in_front("/out/a%20photo.png").status_code == 403
    assert answered(bare) == 403


@pytest.mark.parametrize("action", ["put", "update", "query"])
def test_a_role_is_limited_to_rows_by_their_leading_key(
    patched: Probe, bare: Probe, action: str
) -> None:
    assert patched.invoke(do=action, key="JOB#1") == ("done", None)
    assert patched.invoke(do=action, key="USER#1")[0] == "AccessDeniedException"
    assert bare.invoke(do=action, key="USER#1") == ("done", None)


@pytest.mark.parametrize("action", ["transact", "batch-get"])
def test_the_leading_key_of_every_item_counts(patched: Probe, bare: Probe, action: str) -> None:
    assert patched.invoke(do=action, key="JOB#1", other="JOB#2") == ("done", None)
    for keys in (("JOB#1", "USER#1"), ("USER#1", "JOB#1")):
        key, other = keys
        assert patched.invoke(do=action, key=key, other=other)[0] == "AccessDeniedException"
    assert bare.invoke(do=action, key="JOB#1", other="USER#1") == ("done", None)


def test_concurrency_of_a_queue_may_be_a_parameter(patched: Probe, bare: Probe) -> None:
    assert _drained(patched)
    assert not _drained(bare)


def test_a_batch_of_messages_needs_the_permission_to_send(patched: Probe, bare: Probe) -> None:
    assert patched.invoke(do="send-batch") == ("done", None)
    assert bare.invoke(do="send-batch")[0] == "AccessDenied"


def test_loopback_is_good_enough_for_a_bucket_that_wants_tls(patched: Probe, bare: Probe) -> None:
    assert patched.invoke(do="put-object") == ("done", None)
    assert bare.invoke(do="put-object")[0] == "AccessDenied"


def test_a_state_machine_may_be_defined_in_yaml(patched: Probe, bare: Probe) -> None:
    assert _executed(patched) == "SUCCEEDED"
    assert _executed(bare) == "FAILED"


def _executed(probe: Probe) -> str:
    """How an execution of the fixture's state machine ends."""
    machines = probe.client("stepfunctions")
    arn = machines.start_execution(stateMachineArn=probe.outputs["MachineArn"])["executionArn"]
    for _ in range(50):
        status: str = machines.describe_execution(executionArn=arn)["status"]
        if status != "RUNNING":
            return status
        time.sleep(0.1)
    return "RUNNING"


@pytest.mark.parametrize(("without", "delivered"), [([], True), (["queue-urls"], False)])
def test_queues_work_after_a_restart_on_another_port(
    tmp_path: Path, without: list[str], delivered: bool
) -> None:
    for probe in _probe(tmp_path, without):
        assert _drained(probe)
        cloud.checkpoint(probe.layout)
        cloud.kill(probe.layout)
        moved = Layout(tmp_path, free_port())
        cloud.start(moved, without)
        assert _drained(_found(moved)) is delivered


def _in_the_cloud(script: str, folder: Path) -> str:
    """What a script prints that ministack's interpreter runs."""
    done = subprocess.run(  # noqa: S603
        [ROOT / ".venvs/cloud/bin/python", "-c", script],
        cwd=ROOT,
        env={"TMPDIR": str(folder), "AUTH": "true", "GATEWAY_PORT": "4999"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize("name", PATCHES)
def test_a_patch_refuses_what_it_does_not_know(name: str, tmp_path: Path) -> None:
    twice = (
        f"from local import patches; patches.ALL[{name!r}]()\n"
        f"try: patches.ALL[{name!r}]()\n"
        "except patches.UpstreamChanged: print('refused')"
    )
    assert _in_the_cloud(twice, tmp_path) == "refused"


@pytest.mark.parametrize(("patch", "looks"), [("pass", True), ("log_waits.apply()", False)])
def test_whoever_waits_for_a_log_does_not_look_all_the_time(
    patch: str, looks: bool, tmp_path: Path
) -> None:
    waiting = f"""
import queue, time
from types import SimpleNamespace
from ministack.core.lambda_runtime import Worker
from local.patches import log_waits
{patch}
worker, looked, sleep = SimpleNamespace(_stderr_queue=queue.Queue()), [], time.sleep
time.sleep = lambda seconds: (looked.append(seconds), sleep(seconds))
for line in "ab":
    worker._stderr_queue.put(line)
both = Worker._drain_stderr_bounded(worker)
nothing = Worker._drain_stderr_bounded(worker)
print([' '.join(both.split()), nothing], bool(looked))
"""
    assert _in_the_cloud(waiting, tmp_path) == f"['a b', ''] {looks}"


@pytest.mark.parametrize(("patch", "is_shared"), [("pass", False), ("layers_once.apply()", True)])
def test_sandboxes_share_what_a_layer_holds(patch: str, is_shared: bool, tmp_path: Path) -> None:
    unpacking = f"""
import io, os, zipfile
from ministack.core import lambda_runtime
from local.patches import layers_once
{patch}
packed = io.BytesIO()
with zipfile.ZipFile(packed, "w") as archive:
    archive.writestr("python/paper.py", "sheets = 3")
for sandbox in "ab":
    os.makedirs(f"{tmp_path}/{{sandbox}}/layer_0")
    with open(f"{tmp_path}/{{sandbox}}/layer_0.zip", "wb") as file:
        file.write(packed.getvalue())
    with lambda_runtime.zipfile.ZipFile(file.name) as archive:
        archive.extractall(f"{tmp_path}/{{sandbox}}/layer_0")
files = [f"{tmp_path}/{{sandbox}}/layer_0/python/paper.py" for sandbox in "ab"]
print([open(file).read() for file in files], os.path.samefile(*files))
"""
    assert _in_the_cloud(unpacking, tmp_path) == f"{['sheets = 3'] * 2} {is_shared}"

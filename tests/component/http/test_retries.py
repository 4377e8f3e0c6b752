"""POST /batch/{id}/retry: which photos are tried again, and from what."""

import json

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from tests.component.http.batches import close, ordered, work
from tests.component.http.conftest import Api
from tests.component.lane import Lane, message, photo


def test_failed_photos_are_ordered_again_once(seller: Api, lane: Lane) -> None:
    made = ordered(seller, 2)
    path = f"{P}/batch/{made['batchId']}"
    early = seller.post(f"{path}/retry")
    work(lane, made, photo(), b"no photo")
    close(seller.stack, made["batchId"])

    again, same = seller.post(f"{path}/retry"), seller.post(f"{path}/retry")

    assert (early.status, early.json["code"]) == (409, "batch_not_completed")
    assert (again.status, again.data["totalImages"], again.data["creditsUsed"]) == (201, 1, 3)
    assert again.data["upload"] is None
    assert again.data["files"] == [{"index": 0, "name": "1.jpg", "key": None}]
    policy = seller.post(f"{P}/batch/{again.data['batchId']}/upload-policy")
    assert (policy.status, policy.json["code"]) == (409, "batch_closed")
    assert same.data["batchId"] == again.data["batchId"]
    [begun] = lane.begun("StandardLane")
    lane.put(made["files"][1]["key"], photo())
    assert lane.deliver(json.dumps(begun)) == []
    [item] = seller.get(f"{P}/batch/{again.data['batchId']}/items").data["items"]
    assert (item["fileName"], item["status"], item["uploaded"]) == ("1.jpg", "completed", True)


def test_a_retry_is_not_sold_when_its_originals_are_gone(seller: Api, lane: Lane) -> None:
    made = ordered(seller, 3)
    work(lane, made, photo(), b"no photo", b"no photo")
    close(seller.stack, made["batchId"])
    before = seller.get("/api/credits").data["balance"]
    gone = [file["key"] for file in made["files"]]
    seller.stack.s3.delete_object(Bucket=seller.stack.bucket, Key=gone[1])

    rest = seller.post(f"{P}/batch/{made['batchId']}/retry").data

    assert (rest["totalImages"], rest["creditsUsed"]) == (1, 3)
    [begun] = lane.begun("StandardLane")
    assert lane.deliver(json.dumps(begun)) == []
    close(seller.stack, rest["batchId"])
    seller.stack.s3.delete_object(Bucket=seller.stack.bucket, Key=gone[2])
    refused = seller.post(f"{P}/batch/{rest['batchId']}/retry")
    assert (refused.status, refused.json["code"]) == (410, "result_expired")
    assert seller.get("/api/credits").data["balance"] == before


def test_an_upload_for_a_retried_photo_is_dropped_and_costs_no_try(seller: Api, lane: Lane) -> None:
    made = ordered(seller, 2)
    work(lane, made, photo(), b"no photo")
    close(seller.stack, made["batchId"])
    again = seller.post(f"{P}/batch/{made['batchId']}/retry").data
    job_id = f"{again['batchId']}_0000"
    before = seller.stack.jobs.get(job_id)
    group = seller.stack.groups.group(again["batchId"])
    assert group is not None
    stray = f"{group.key_prefix}0000"

    assert lane.deliver(message(lane.put(stray, photo()))) == []

    assert seller.stack.jobs.get(job_id) == before
    assert lane.keys(group.key_prefix) == []

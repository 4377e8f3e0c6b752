"""A batch of more than 500 photos on the laptop cloud, from its order to its ZIPs."""

from pathlib import Path

from benchmarks import batch_load
from benchmarks.large import weights
from local import samples
from tests.e2e.service import Service

PHOTOS = 501


def test_501_photos_are_settled_once_and_come_in_two_zips(service: Service, tmp_path: Path) -> None:
    person = service.newcomer(credits=5000)
    [photo, *_] = samples.write(service.layout).iterdir()
    photos = batch_load.shrunk([photo] * PHOTOS, tmp_path / "photos", 16)

    with batch_load.ten_ms_step(service):
        few = batch_load.send_batch(person, photos[:3], tmp_path / "few.zip")
        many = batch_load.send_batch(person, photos, tmp_path / "many.zip")

    counts = [batch_load.count(service, sent) for sent in (few, many)]
    assert [(count.lost, count.double) for count in counts] == [(0, 0), (0, 0)]
    assert len(service.moved(person, many.batch_id)) == 1
    assert [path.name for path in many.archives] == [f"many-0{n}.zip" for n in (1, 2)]
    assert weights(service, many)[0] - weights(service, few)[0] < 100
    client, batch_id = person.client, many.batch_id
    assert [item.index for item in client.batches.items(batch_id)] == list(range(PHOTOS))
    assert client.batches.show(batch_id).zip_parts == 2

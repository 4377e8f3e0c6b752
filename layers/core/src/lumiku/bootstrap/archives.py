"""ZIPs of batches."""

from functools import cache

import boto3
from botocore.config import Config

from lumiku import settings
from lumiku.adapters.work import archives
from lumiku.bootstrap.aws import CONFIG, groups
from lumiku.services.work.archiving import Archiving


@cache
def archiving() -> Archiving:
    """Making ZIPs."""
    bucket = settings.read(settings.PhotoSettings).PHOTOS_BUCKET
    config = CONFIG.merge(archives.CLIENT).merge(Config(read_timeout=60))
    return Archiving(groups(), archives.ArchiveBucket(boto3.client("s3", config=config), bucket))

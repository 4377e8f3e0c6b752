"""The lines that a person pastes into a shell to use the API without our client."""

import shlex
from pathlib import Path

from local.layout import Outputs

# Only curl and python3 are taken for granted. curl reads the policy's fields from its standard
# input (`-K -`), so that they come before the file, as S3 wants them.
_LINES = """\
API={api}
PHOTO={photo}
pick() {{ python3 -c "import json, sys; print(json.load(sys.stdin)['data']$1)"; }}
TOKEN=$(curl -s "$API/api/auth/login" -H 'Content-Type: application/json' \\
  -d '{{"email": "{email}", "password": "{password}"}}' | pick "['token']")
AUTH="Authorization: Bearer $TOKEN"
curl -s "$API/api/credits" -H "$AUTH"; echo

APP="$API/api/apps/background-remover"
SIZE=$(wc -c < "$PHOTO" | tr -d ' ')
JOB=$(curl -s "$APP/remove" -H "$AUTH" -H 'Content-Type: application/json' -d \\
  '{{"fileName": "{name}", "fileSize": '$SIZE', "contentType": "", "tier": "basic"}}')
echo "$JOB" | python3 -c "import json, sys; upload = json.load(sys.stdin)['data']['upload']
print('url =', json.dumps(upload['url']))
for field in upload['fields'].items(): print('form-string =', json.dumps('='.join(field)))" \\
  | curl -s -o /dev/null -K - -F "file=@$PHOTO"
ID=$(echo "$JOB" | pick "['jobId']")
curl -s "$APP/jobs/$ID?wait=20" -H "$AUTH"; echo
URL=$(curl -s "$APP/jobs/$ID/download" -H "$AUTH" | pick "['url']")
curl -s --create-dirs -o out/{name} "$URL"; ls -l out/{name}
"""


def curl_lines(outputs: Outputs, photo: Path) -> str:
    """Log in, show the credits, send a photo, wait for it, fetch the result."""
    return _LINES.format(
        api=outputs.api_url,
        photo=shlex.quote(str(photo)),
        email=outputs.email,
        password=outputs.password,
        name=photo.name,
    )

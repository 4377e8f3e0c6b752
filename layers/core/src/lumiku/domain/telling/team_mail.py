"""The mail that asks somebody into a team."""

from collections.abc import Mapping

from lumiku.domain.people.teams import Invitation, Role
from lumiku.domain.telling.mails import Mail, written
from lumiku.domain.texts import Text

_ROLES: Mapping[Role, Text] = {
    "owner": Text("owner", "pemilik"),
    "admin": Text("administrator", "admin"),
    "editor": Text("editor", "penyunting"),
    "viewer": Text("viewer", "pelihat"),
}
_SUBJECT = Text("An invitation to the team of {team}", "Undangan ke tim {team}")
_LINES = (
    Text("Hello,", "Halo,"),
    Text(
        "You are asked to work in the workspace of {team} on Lumiku, as {role}.",
        "Anda diundang bekerja di ruang kerja {team} di Lumiku, sebagai {role}.",
    ),
    Text(
        "Log in or register with this address, {email}, and accept here: {link}",
        "Masuk atau daftar dengan alamat ini, {email}, lalu terima di sini: {link}",
    ),
    Text(
        "It can be accepted once, until {end} (UTC). If you do not know the sender, do nothing.",
        "Undangan berlaku untuk satu kali, sampai {end} (UTC). Jika Anda tidak mengenal"
        " pengirimnya, abaikan saja.",
    ),
    Text("Lumiku", "Lumiku"),
)


def link_to(page_url: str, invitation: Invitation) -> str:
    """Where the page accepts it; what follows the # is sent to no server."""
    return f"{page_url}/#/join/{invitation.workspace}.{invitation.id}"


def compose(invitation: Invitation, team: str, page_url: str) -> Mail:
    """The mail about an invitation to the workspace of `team`, an address."""
    facts = {
        "team": team,
        "role": _ROLES[invitation.role].to(invitation.language),
        "email": invitation.email,
        "link": link_to(page_url, invitation),
        "end": f"{invitation.expires_at:%Y-%m-%d %H:%M}",
    }
    said = [line.to(invitation.language).format(**facts) for line in _LINES]
    return written(_SUBJECT.to(invitation.language).format(**facts), said, invitation.language)

"""What people say of themselves and of channels, by keys: METADATA (IRCv3 draft/metadata-3).

A client that has not asked for that speaks the form that there was before it, metadata-3.2, which takes no capability:
its numerics have no target, and a list has an end.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from chat.core.events import RoomMetadataChanged, UserMetadataChanged
from chat.core.events.metadata import MOST_KEYS
from chat.core.names import fold
from chat.core.refusals import NotInRoom, NotOperator, NotServerOperator, NotYourself, TooManyKeys
from chat.core.registry import Room, User
from chat.irc import numerics as n
from chat.irc.commands.channels import visible
from chat.irc.message import Message, rows
from chat.irc.numerics import Numeric
from chat.irc.table import command, tells

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: As the value of the capability says.
MOST_SUBSCRIPTIONS, LONGEST_VALUE = 50, 300
KEY = re.compile(r"[a-z0-9_./-]{1,64}")
#: In channels with more people than this, what there is to know has to be asked for.
LARGE = 200
#: Messages that are written before it is seen whether they are read.
AT_ONCE = 100
EVERYTHING = "*ALL"


class Subject(NamedTuple):
    """Whom or what keys are about, as far as a client may see it."""

    name: str
    keys: Mapping[str, str]
    user: User | None = None
    room: Room | None = None


@command("METADATA")
async def metadata(client: IRCProtocol, target: str = "*", verb: str = "*", *params: str) -> None:
    """METADATA <target> GET | LIST | SET | CLEAR | SUB | UNSUB | SUBS | SYNC [<parameters>] -- keys and their values
    GET <key> ... and LIST read, SET <key> [:<value>] and CLEAR change what is known of you (*) or of a channel;
    SUB <key> ... has you told of changes, UNSUB no more, SUBS lists those keys, SYNC sends what is known now."""
    verb = verb.upper()
    if verb not in VERBS or not (VERBS[verb].least <= len(params) <= VERBS[verb].most):
        client.fail("METADATA", "INVALID_PARAMS", verb if verb in VERBS else "*", "See HELP METADATA")
        return
    subject = Subject(EVERYTHING, {}) if target == EVERYTHING and verb == "SYNC" else find(client, target)
    own = subject is not None and subject.user is client.user and subject.room is None
    if subject is None and is_old(client):
        client.numeric(n.ERR_TARGETINVALID, target)
        return
    if subject is None or (VERBS[verb].own and not own):
        client.fail("METADATA", "INVALID_TARGET", target, "There is no such target")
        return
    result = VERBS[verb].run(client, subject, *params)
    if result is not None:
        await result


def find(client: IRCProtocol, target: str) -> Subject | None:
    """The subject that a client means, if it may know of it."""
    if client.registration is not None:
        return Subject("*", client.registration.metadata) if target == "*" else None
    if target.startswith("#"):
        room = client.registry.rooms.get(fold(target[1:]))
        inside = room is not None and client.me.id in room.members
        if room is None or not room.is_seen_by(client.me):
            return None
        open_to_all = not room.password and "i" not in room.flags
        return Subject(f"#{room.name}", room.metadata if inside or open_to_all else {}, room=room)
    user = client.me if target == "*" else client.registry.users.get(fold(target))
    return Subject(user.name, user.metadata, user) if user else None


# -- what may be asked


def get(client: IRCProtocol, subject: Subject, *keys: str) -> None:
    send(client, subject.name, (answer(client, subject, key) for key in keys))


def answer(client: IRCProtocol, subject: Subject, key: str) -> Message:
    if not KEY.fullmatch(key):
        return invalid_key(client, "WARN", key)
    return key_value(client, subject.name, key, subject.keys.get(key))


def list_(client: IRCProtocol, subject: Subject) -> None:
    send(client, subject.name, values(client, subject))
    end(client)


async def set_(client: IRCProtocol, subject: Subject, key: str, value: str = "") -> None:
    if not KEY.fullmatch(key):
        client.send(invalid_key(client, "FAIL", key))
    elif len(value.encode()) > LONGEST_VALUE:
        client.fail("METADATA", "INVALID_VALUE", key, f"Values have at most {LONGEST_VALUE} bytes")
    elif await change(client, subject, "SET", key, {key: value or None}):
        client.send(key_value(client, subject.name, key, value or None))
        end(client)


async def clear(client: IRCProtocol, subject: Subject) -> None:
    keys = list(subject.keys)
    if await change(client, subject, "CLEAR", "*", dict.fromkeys(keys)):
        send(client, subject.name, (key_value(client, subject.name, key, None) for key in keys))
        end(client)


async def change(
    client: IRCProtocol, subject: Subject, verb: str, key: str, changes: Mapping[str, str | None]
) -> bool:
    """Whether what is known of the subject is so now."""
    try:
        if client.registration is not None:
            prepare(client.registration.metadata, changes)
        elif subject.room is not None:
            await client.publish(RoomMetadataChanged(client.me.author, subject.room.name, changes))
        elif subject.user is not None:
            await client.publish(UserMetadataChanged(client.me.author, subject.user.author, changes))
    except (NotInRoom, NotOperator, NotServerOperator, NotYourself):
        client.fail("METADATA", "KEY_NO_PERMISSION", subject.name, key, "You may not change that")
        return False
    except TooManyKeys:
        client.fail("METADATA", "LIMIT_REACHED", verb, subject.name, str(MOST_KEYS), "There are too many keys")
        return False
    return True


def prepare(known: dict[str, str], changes: Mapping[str, str | None]) -> None:
    """What will be known of a client as soon as it is registered; TooManyKeys."""
    for key, value in changes.items():
        if value is None:
            known.pop(key, None)
        elif key not in known and len(known) >= MOST_KEYS:
            raise TooManyKeys("*", MOST_KEYS)
        else:
            known[key] = value


def subscribe(client: IRCProtocol, subject: Subject, *keys: str) -> None:
    before = len(client.subscriptions)
    accepted = []
    for key in keys:
        if not KEY.fullmatch(key):
            client.send(invalid_key(client, "WARN", key))
        elif key not in client.subscriptions and len(client.subscriptions) >= MOST_SUBSCRIPTIONS:
            client.fail("METADATA", "LIMIT_REACHED", "SUB", key, str(MOST_SUBSCRIPTIONS), "These are too many")
            break
        else:
            if key not in client.subscriptions:
                client.subscriptions += (key,)
            accepted.append(key)
    acknowledge(client, n.RPL_METADATASUBOK, accepted)
    if client.registration is None and len(client.subscriptions) > before:
        client.numeric(n.ERR_METADATASYNCLATER, EVERYTHING, "0")


def unsubscribe(client: IRCProtocol, subject: Subject, *keys: str) -> None:
    for key in keys:
        client.subscriptions = tuple(other for other in client.subscriptions if other != key)
        if not KEY.fullmatch(key):
            client.send(invalid_key(client, "WARN", key))
    acknowledge(client, n.RPL_METADATAUNSUBOK, [key for key in keys if KEY.fullmatch(key)])


def acknowledge(client: IRCProtocol, numeric: Numeric, keys: Iterable[str]) -> None:
    for row in rows(keys):
        client.numeric(numeric, *row.split())


def subscriptions(client: IRCProtocol, subject: Subject) -> None:
    found = (Message(n.RPL_METADATASUBS.code, [client.nick, *row.split()]) for row in rows(client.subscriptions))
    send(client, "", found, kind="metadata-subs")


async def sync(client: IRCProtocol, subject: Subject) -> None:
    """Everything at its pace: it may be much."""
    if client.registration is not None:
        send(client, subject.name, ())
        return
    everything = subject.name == EVERYTHING
    batch = open_batch(client, "metadata", subject.name)
    found = subscribed(client, all_subjects(client) if everything else subjects(client, subject))
    for count, message in enumerate(found, 1):
        put(client, message, batch, client.send)
        if count % AT_ONCE == 0 and not client.label:
            client.outlet.flush()
            await client.outlet.drained()
    close_batch(client, batch)


class Verb(NamedTuple):
    """A part of METADATA: what it does, how many parameters it takes, and whether it is about oneself only."""

    run: Callable[..., Awaitable[None] | None]
    least: int = 0
    most: int = 0
    own: bool = False


VERBS = {
    "GET": Verb(get, 1, 50),
    "LIST": Verb(list_),
    "SET": Verb(set_, 1, 2),
    "CLEAR": Verb(clear),
    "SUB": Verb(subscribe, 1, 50, True),
    "UNSUB": Verb(unsubscribe, 1, 50, True),
    "SUBS": Verb(subscriptions, 0, 0, True),
    "SYNC": Verb(sync),
}

# -- what is told without being asked for


def aware(client: IRCProtocol) -> bool:
    """Whether a client knows about metadata."""
    return {"draft/metadata-3", "batch"} <= client.caps


def burst(client: IRCProtocol) -> None:
    """What is known of a client that has just come."""
    if aware(client):
        send(client, client.nick, values(client, Subject(client.nick, client.me.metadata)))


def entered(client: IRCProtocol, room: Room) -> None:
    """What is known of a channel that the client has come into, and of those who are there."""
    if not aware(client):
        return
    if len(room.members) > LARGE:
        client.numeric(n.ERR_METADATASYNCLATER, f"#{room.name}", "2")
    else:
        subject = Subject(f"#{room.name}", room.metadata, room=room)
        send(client, subject.name, subscribed(client, subjects(client, subject)))


def sync_user(client: IRCProtocol, user: User, out: Callable[[Message], None] | None = None) -> None:
    """What is known of somebody whom the client follows and who is here."""
    if aware(client):
        send(client, user.name, subscribed(client, [Subject(user.name, user.metadata, user)]), out=out)


def describe(client: IRCProtocol, user: User) -> None:
    """What is known of somebody whom the client asked about."""
    if aware(client):
        for key, value in user.metadata.items():
            client.numeric(n.RPL_WHOISKEYVALUE, user.name, key, "*", value)


@tells(UserMetadataChanged)
def user_changed(client: IRCProtocol, event: UserMetadataChanged) -> None:
    changed(client, event.who.name, event.values)


@tells(RoomMetadataChanged)
def room_changed(client: IRCProtocol, event: RoomMetadataChanged) -> None:
    changed(client, f"#{event.room}", event.values)


def changed(client: IRCProtocol, name: str, values: Mapping[str, str | None]) -> None:
    for key, value in values.items():
        if key in client.subscriptions:
            client.tell(key_value(client, name, key, value))


# -- how it looks


def subjects(client: IRCProtocol, subject: Subject) -> Iterator[Subject]:
    """A subject and, of a channel that can be looked into, those who are there."""
    yield subject
    room = subject.room
    me = room.members.get(client.me.id) if room is not None else None
    if room is not None and me is not None:
        for member in visible(room, me):
            yield Subject(member.user.name, member.user.metadata, member.user)


def all_subjects(client: IRCProtocol) -> Iterator[Subject]:
    """Everything that a client is told of: its channels, those who are there, those whom it follows; each once."""
    registry = client.registry
    for room in list(client.me.rooms.values()):
        yield Subject(f"#{room.name}", room.metadata, room=room)
    followed = [registry.users[key] for key in client.follows if key in registry.users]
    for user in {user.id: user for user in (*registry.peers(client.me), *followed)}.values():
        yield Subject(user.name, user.metadata, user)


def subscribed(client: IRCProtocol, found: Iterable[Subject]) -> Iterator[Message]:
    for subject in found:
        for key, value in subject.keys.items():
            if key in client.subscriptions:
                yield key_value(client, subject.name, key, value)


def values(client: IRCProtocol, subject: Subject) -> list[Message]:
    return [key_value(client, subject.name, key, value) for key, value in subject.keys.items()]


def key_value(client: IRCProtocol, name: str, key: str, value: str | None) -> Message:
    about = [client.nick, key] if is_old(client) else [client.nick, name, key]
    if value is None:
        return Message(n.RPL_KEYNOTSET.code, [*about, n.RPL_KEYNOTSET.text], client.server)
    return Message(n.RPL_KEYVALUE.code, [*about, "*", value], client.server)


def is_old(client: IRCProtocol) -> bool:
    """Whether a client speaks the form of metadata-3.2."""
    return "draft/metadata-3" not in client.caps


def end(client: IRCProtocol) -> None:
    """In that form a list has an end."""
    if is_old(client):
        client.numeric(n.RPL_METADATAEND)


def invalid_key(client: IRCProtocol, kind: str, key: str) -> Message:
    text = "Keys are of a-z, 0-9 and _ . / -, at most 64"
    return Message(kind, ["METADATA", "INVALID_KEY", key[:64], text], client.server)


def send(client: IRCProtocol, name: str, messages: Iterable[Message], kind: str = "metadata", out: Any = None) -> None:
    """Send messages as a batch, to a client that knows batches."""
    batch = open_batch(client, kind, name, out)
    for message in messages:
        put(client, message, batch, out or client.send)
    close_batch(client, batch, out)


def open_batch(client: IRCProtocol, kind: str, name: str, out: Any = None) -> str:
    if "batch" not in client.caps:
        return ""
    batch = client.new_batch()
    (out or client.send)(Message("BATCH", [f"+{batch}", kind, *([name] if name else [])], client.server))
    return batch


def put(client: IRCProtocol, message: Message, batch: str, out: Callable[[Message], None]) -> None:
    message.source = client.server
    if batch:
        message.tags = {**message.tags, "batch": batch}
    out(message)


def close_batch(client: IRCProtocol, batch: str, out: Any = None) -> None:
    if batch:
        (out or client.send)(Message("BATCH", [f"-{batch}"], client.server))

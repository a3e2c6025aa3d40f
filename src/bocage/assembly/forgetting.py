"""Personal fields that were erased once, erased again in whatever was restored from before."""

from bocage.assembly.places import Places


def erased_again(places: Places) -> int:
    """Erase what the list of this instance names and the registers hold again; how many entries the list has."""
    from bocage import civic, relational  # tables: only once the instance is open
    from bocage.evidence.changing import follow_roles
    from bocage.registers import assessed, erasures

    civic.again(places.erasures)
    civic.restricted_again(places.erasures)
    assessed.again(places.erasures)
    path = places.erasures / erasures.NAME
    if erasures.again(path):
        for territory in {erased.key.territory for erased in erasures.listed(path)}:
            with relational.transaction():
                follow_roles(territory)  # rights name people too
                relational.after_commit(relational.forget)
    return len(erasures.listed(path))

from yule_cli.machine import Machine


def test_this_machine_has_cores_and_memory() -> None:
    machine = Machine.here()

    assert machine.cpu >= 1
    assert 0 < machine.memory_gib < 2**20


def test_less_memory_may_be_given_and_never_more() -> None:
    machine = Machine(cpu=2, memory_gib=4.0)

    assert machine.limited(memory_gib=1.5) == Machine(cpu=2, memory_gib=1.5)
    assert machine.limited(memory_gib=64) == machine
    assert machine.limited(memory_gib=None) == machine

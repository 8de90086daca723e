from yule_cli.machine import Machine


def test_this_machine_has_cores_and_memory() -> None:
    machine = Machine.here()

    assert machine.cpu >= 1
    assert 0 < machine.memory_gib < 2**20

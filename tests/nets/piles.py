"""Random stacks for tests: some fit, most do not, sizes of all kinds are among them."""

import random

from explainer.nets import stack as stacks
from explainer.nets.bricks import KINDS, Brick
from explainer.nets.stack import TASKS, Stack

_COUNTS = (1, 2, 3, 4, 8, 10, 16, 64)


def random_stack(hand: random.Random, *, most: int = stacks.MOST) -> Stack:
    """Stack bricks of which most are made to fit on the one before."""
    task = hand.choice(list(TASKS))
    stack = Stack(task, (), hand.choice(TASKS[task].losses))
    for i in range(hand.randint(1, most)):
        kind = hand.choice(list(KINDS))
        if hand.random() < 0.75:
            stack = stacks.insert(stack, i, kind)
        else:
            sizes = {size: hand.choice(_COUNTS) for size in KINDS[kind].sizes}
            sizes |= {"p": hand.randint(0, 9) / 10} if "p" in sizes else {}
            bias = kind != "linear" or hand.random() < 0.5
            brick = Brick(kind, bias=bias, **sizes)
            if brick.n_out <= stacks.largest_size(brick):
                stack = Stack(task, (*stack.bricks, brick), stack.loss)
    return stack if stack.bricks else random_stack(hand, most=most)

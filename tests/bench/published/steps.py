"""One training step and one prediction, from a normalised image to its map, of FALCON, STPM, reverse distillation, PatchCore, RD++, MRKD, AAND, PCSNet and FDSL in
plain PyTorch, module call by module call as the published codes run them, on ResNet-18 with random weights (FDSL: a small tower). Seconds, medians; multiply-adds of the
convolutions and linear layers of a step; the largest memory of the process in megabytes, after the steps and after the predictions.
    python3 steps.py METHOD [--threads 2] [--steps 5] [--images N] [--lean]
`--images` is for methods that see all images in one step.
`--lean` leaves out what a published code computes without need. The other side of
    dotnet run --project tests/bench -c Release -- step|predict --method METHOD --set backbone=resnet18
whose predictions need `--rounds 40`: the first ten or so take longer."""
import argparse
import json
import resource
import statistics
import time

import torch
import torch.nn as nn

import aand
import distillation
import falcon
import fdsl
import mrkd
import patchcore
import pcsnet
import rdpp

METHODS = {name: method for module in (falcon, distillation, patchcore, rdpp, mrkd, aand, pcsnet, fdsl) for name, method in module.METHODS.items()}
WARM_UP = 2


def multiply_adds(modules, run):
    """What the convolutions and linear layers of some modules take in a run."""
    counts = []

    def count(layer, _, result):
        if isinstance(layer, nn.Linear):
            counts.append(layer.weight.numel() * result.numel() // layer.out_features)
        else:
            positions = result[0, 0].numel() // (4 if isinstance(layer, nn.ConvTranspose2d) else 1)
            counts.append(layer.weight.numel() * len(result) * positions)

    layers = [layer for module in modules for layer in module.modules() if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear))]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    run()
    for hook in hooks:
        hook.remove()
    return sum(counts) / 1e9


def timed_step(method, parts):
    started = last = time.perf_counter()
    for part in method.step():
        now = time.perf_counter()
        parts.setdefault(part, []).append(now - last)
        last = now
    parts.setdefault("step", []).append(last - started)


def timed_predictions(method, rounds):
    for module in (*method.trained, *method.frozen):
        module.eval()
    image, times = torch.randn(1, 3, method.size, method.size), []
    with torch.no_grad():
        for _ in range(WARM_UP + rounds):
            started = time.perf_counter()
            method.predict(image)
            times.append(time.perf_counter() - started)
    return statistics.median(times[WARM_UP:])


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("method", choices=METHODS)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--steps", type=int, default=5)
    arguments.add_argument("--images", type=int)
    arguments.add_argument("--lean", action="store_true")
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(616)
    kind = METHODS[options.method]
    kind.batch = options.images or kind.batch
    method = kind(options.lean)
    result = {"parameters": sum(p.numel() for module in method.trained for p in module.parameters())}
    if hasattr(method, "step"):
        parts = {}
        result["trained_gmac"] = round(multiply_adds(method.trained, lambda: timed_step(method, parts)), 3)
        result["frozen_gmac"] = round(multiply_adds(method.frozen, lambda: timed_step(method, parts)), 3)
        for _ in range(options.steps):
            timed_step(method, parts)
        result.update((part, round(statistics.median(times[WARM_UP:]), 4)) for part, times in parts.items())
    result["step_memory"] = peak()
    result["prediction"] = round(timed_predictions(method, options.steps), 4)
    result["memory"] = peak()
    print(json.dumps(result))


main()

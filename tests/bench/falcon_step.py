"""One training step of FALCON in plain PyTorch, module call by module call as the published code runs it: the three class activation maps by
back-propagation through the teacher at every step, two teacher forwards, separate calls for clean and noised inputs, two Adam optimisers.
The other side of `dotnet run --project tests/bench -c Release -- step`. Usage: python3 falcon_step.py [--threads 2] [--steps 30]"""
import argparse
import statistics
import time

import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision


def conv(i, o, stride=1):
    return nn.Conv2d(i, o, 3, stride=stride, padding=1)


class Predictor(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


def modules():
    student = Predictor(conv(128, 128, 2), nn.BatchNorm2d(128), nn.ReLU(), conv(128, 256))
    autoencoder = Predictor(conv(128, 64), nn.BatchNorm2d(64), nn.ReLU(), conv(64, 64, 2), nn.BatchNorm2d(64), nn.ReLU(), conv(64, 32),
                            conv(32, 64), nn.BatchNorm2d(64), nn.ReLU(), conv(64, 256))
    fusion = Predictor(conv(512, 256), nn.BatchNorm2d(256), nn.ReLU(), conv(256, 256))
    detector = Predictor(conv(512, 128), nn.BatchNorm2d(128), nn.ReLU(), conv(128, 64), nn.BatchNorm2d(64), nn.ReLU(),
                         nn.Conv2d(64, 1, 1), nn.Sigmoid())
    return student, autoencoder, fusion, detector


def features(teacher, x):
    x = teacher.maxpool(teacher.relu(teacher.bn1(teacher.conv1(x))))
    f1 = teacher.layer1(x)
    f2 = teacher.layer2(f1)
    return f1, f2, teacher.layer3(f2)


def activation_maps(teacher, x):
    """Each map with its own teacher forward and backward."""
    maps = []
    for layer in range(3):
        a = features(teacher, x.clone().requires_grad_(True))[layer]
        a.retain_grad()
        v = a.var(dim=1, keepdim=True)
        ((a * v).sum() / v.sum()).backward()
        g = a.grad
        alpha = g ** 2 / (2 * g ** 2 + (a * g ** 3).sum(dim=(2, 3), keepdim=True) + 1e-7)
        w = (alpha * F.relu(g)).sum(dim=(2, 3), keepdim=True)
        m = F.relu((w * a).sum(dim=1, keepdim=True)).detach()
        maps.append(F.interpolate((m - m.min()) / (m.max() - m.min() + 1e-7), size=x.shape[2:], mode="bilinear", align_corners=False))
    return maps


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--steps", type=int, default=30)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(616)
    teacher = torchvision.models.resnet18().eval()
    student, autoencoder, fusion, detector = modules()
    main_parameters = [*student.parameters(), *autoencoder.parameters(), *fusion.parameters()]
    adam = dict(lr=3e-4, betas=(0.9, 0.99), weight_decay=1e-5)
    main_optimiser, detector_optimiser = torch.optim.Adam(main_parameters, **adam), torch.optim.Adam(detector.parameters(), **adam)
    x = torch.randn(1, 3, 256, 256)
    parts = {"cam": [], "teacher": [], "student": [], "detector": [], "step": []}
    for _ in range(options.steps):
        t0 = time.perf_counter()
        maps = activation_maps(teacher, x)
        _ = 0.5 * maps[0] + 0.5 * maps[2]
        noised = x.clone()
        noised[:, :, 100:130, 100:130] = x[:, :, 20:50, 30:60]
        mask = torch.zeros(1, 1, 64, 64)
        mask[:, :, 25:32, 25:32] = 1
        t1 = time.perf_counter()
        with torch.no_grad():
            _, f2, f3 = features(teacher, x)
            _, f2n, f3n = features(teacher, noised)
        t2 = time.perf_counter()
        st, stn, ae, aen = student(f2), student(f2n), autoencoder(f2), autoencoder(f2n)
        fun, fu = fusion(torch.cat([stn, aen], 1)), fusion(torch.cat([st, ae], 1))
        m = F.interpolate(mask, size=f3.shape[2:], mode="bilinear", align_corners=False)
        loss = F.mse_loss(stn, f3) + F.mse_loss(st, f3) + F.mse_loss(aen, f3) + F.mse_loss(ae, f3)
        loss = loss + ((fu - f3) ** 2).mean() + ((fun - f3) ** 2 * (1 + m)).mean()
        main_optimiser.zero_grad()
        loss.backward()
        main_optimiser.step()
        t3 = time.perf_counter()
        y, yn = detector(torch.cat([fu.detach(), f3], 1)), detector(torch.cat([fun.detach(), f3n], 1))
        detector_loss = F.binary_cross_entropy(y, torch.zeros_like(y)) + F.binary_cross_entropy(yn, m)
        detector_optimiser.zero_grad()
        detector_loss.backward()
        detector_optimiser.step()
        t4 = time.perf_counter()
        for name, value in zip(parts, (t1 - t0, t2 - t1, t3 - t2, t4 - t3, t4 - t0)):
            parts[name].append(value)
    print({name: round(statistics.median(values[5:]), 4) for name, values in parts.items()})


main()

"""RD++ (Tien et al., CVPR 2023). The published code lets gradients flow into both runs of the teacher, which it never uses, and computes a Sinkhorn divergence that
is always 0; `--lean` leaves both out. Every noised image shows a corner of one field of noise, which is computed once here."""
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from resnet import CHANNELS, Bottleneck, Decoder, Method, Teacher, cosine_map, whole_cosine


def projection(c):
    widths = c, c // 2, c // 4, c // 2, c
    stages = ((nn.Conv2d(i, o, 3, padding=1), nn.InstanceNorm2d(o), nn.LeakyReLU()) for i, o in zip(widths, widths[1:]))
    return nn.Sequential(*(layer for stage in stages for layer in stage))


def sinkhorn(x, y, blur=0.05, scaling=0.95, diameter=1e7):
    """The debiased divergence of two clouds of as many points, with epsilon scaling; the last update alone carries the gradient."""
    log_weight = -math.log(len(x))

    def cost(a, b):
        return ((a * a).sum(1)[:, None] - 2 * a @ b.t() + (b * b).sum(1)) / 2

    def soft(epsilon, c, h):
        return -epsilon * (h - c / epsilon).logsumexp(1)

    xy, yx, xx, yy = cost(x, y.detach()), cost(y, x.detach()), cost(x, x.detach()), cost(y, y.detach())
    with torch.no_grad():
        steps = np.arange(2 * math.log(diameter), 2 * math.log(blur), 2 * math.log(scaling))
        epsilons = [diameter ** 2, *map(math.exp, steps), blur ** 2]
        zero = torch.full((len(x),), log_weight)
        f, g, p, q = (soft(epsilons[0], c, zero) for c in (xy, yx, xx, yy))
        for e in epsilons:
            new = soft(e, xy, log_weight + g / e), soft(e, yx, log_weight + f / e), soft(e, xx, log_weight + p / e), soft(e, yy, log_weight + q / e)
            f, g, p, q = ((old + now) / 2 for old, now in zip((f, g, p, q), new))
    e = epsilons[-1]
    f, g = soft(e, xy, log_weight + g / e), soft(e, yx, log_weight + f / e)
    p, q = soft(e, xx, log_weight + p / e), soft(e, yy, log_weight + q / e)
    return (f - p).mean() + (g - q).mean()


class Rdpp(Method):
    def __init__(self, lean):
        self.lean, self.draws = lean, np.random.default_rng(0)
        self.teacher, self.bottleneck, self.decoder = Teacher(), Bottleneck(), Decoder()
        self.projections = nn.ModuleList(map(projection, CHANNELS))
        self.trained, self.frozen = [self.projections, self.bottleneck, self.decoder], [self.teacher.requires_grad_(not lean)]
        self.images, self.field = torch.randn(self.batch, 3, self.size, self.size), torch.randn(3, self.size, self.size)
        self.optimisers = self.adam(self.decoder, self.bottleneck), self.adam(self.projections, rate=1e-3)

    def noised(self, image):
        h, w = self.draws.integers(10, self.size // 8, 2)
        top, left = self.draws.integers(1, self.size - h), self.draws.integers(1, self.size - w)
        image = image.clone()
        image[:, top:top + h, left:left + w] += 0.2 * self.field[:, :h, :w]
        return image

    def step(self):
        noised = torch.stack([self.noised(image) for image in self.images])
        yield "synthesis"
        taps, noised_taps = self.teacher(self.images), self.teacher(noised)
        yield "teacher"
        projected_noised = [project(tap) for project, tap in zip(self.projections, noised_taps)]
        projected = [project(tap) for project, tap in zip(self.projections, taps)]
        reconstruction = sum((1 - F.cosine_similarity(a, b)).mean() for a, b in zip(projected_noised, projected))
        target = -torch.ones(self.batch)
        contrast = sum(F.cosine_embedding_loss(a.flatten(1), b.flatten(1), target, margin=0.5) for a, b in zip(noised_taps, projected))
        transport = 0 if self.lean else self.transport(projected)
        loss = whole_cosine(taps, self.decoder(self.bottleneck(projected))) + 0.2 * (transport + 0.01 * reconstruction + 0.1 * contrast) / 1.11
        yield "forward"
        yield from self.update(loss, *self.optimisers)

    def transport(self, projected):
        order = torch.randperm(self.batch)
        clouds = [p.flatten(1).softmax(1) for p in projected]
        return sum(sinkhorn(cloud, cloud[order]) for cloud in clouds)

    def predict(self, image):
        taps = self.teacher(image)
        return cosine_map(taps, self.decoder(self.bottleneck([project(tap) for project, tap in zip(self.projections, taps)])), self.size)


METHODS = {"rdpp": Rdpp}

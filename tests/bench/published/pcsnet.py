"""PCSNet (Jiang, Cao and Shen, IEEE TNNLS 2024), for parts that do not turn: three runs of teacher and descriptor a step, the distances of every position to every
prototype with gradients, and four classifiers whose results are dropped. The segmentation reads half of the teacher's channels."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from mrkd import swapped
from resnet import CHANNELS, Method, Teacher, conv, normalised, smoothed

GRID, NEIGHBOURS, BINS, WIDTH = 64, 200, (60, 30, 15, 8), sum(CHANNELS) // 2


def resized(x, size):
    return F.interpolate(x, size, mode="bilinear", align_corners=True)


class Descriptor(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.Conv2d(c + 2, c, 1) for c in CHANNELS)

    def forward(self, taps):
        described = []
        for layer, tap in zip(self.layers, taps):
            pooled = F.avg_pool2d(tap, 3, 1, 1)
            axis = torch.linspace(-1, 1, pooled.shape[2])
            rows, columns = (a.expand(len(pooled), 1, len(axis), len(axis)) for a in (axis[:, None], axis))
            described.append(F.interpolate(layer(torch.cat([pooled, rows, columns], 1)), (GRID, GRID), mode="bilinear", align_corners=False))
        return torch.cat(described, 1)


def refinement():
    return nn.Sequential(conv(WIDTH, WIDTH), nn.ReLU(), conv(WIDTH, WIDTH), nn.ReLU())


def classifier():
    return nn.Sequential(conv(WIDTH, WIDTH), nn.ReLU(), nn.Dropout2d(0.1), nn.Conv2d(WIDTH, 1, 1))


class Segmentation(nn.Module):
    def __init__(self, lean):
        super().__init__()
        self.lean = lean
        self.join = nn.ModuleList(nn.Sequential(conv(WIDTH + NEIGHBOURS, WIDTH, 1), nn.ReLU()) for _ in BINS)
        self.passed = nn.ModuleList(nn.Sequential(conv(2 * WIDTH, WIDTH, 1), nn.ReLU()) for _ in BINS[1:])
        self.refine = nn.ModuleList(refinement() for _ in BINS)
        self.dropped = nn.ModuleList(classifier() for _ in BINS)
        self.merge, self.refine_merged, self.map = nn.Sequential(conv(4 * WIDTH, WIDTH, 1), nn.ReLU()), refinement(), classifier()

    def forward(self, guide, distances, size):
        levels = []
        for i, size_of_level in enumerate(BINS):
            level = self.join[i](torch.cat([F.adaptive_avg_pool2d(guide, size_of_level), resized(distances, size_of_level)], 1))
            if i > 0:
                level = level + self.passed[i - 1](torch.cat([level, resized(levels[-1], size_of_level)], 1))
            level = level + self.refine[i](level)
            if not self.lean:
                self.dropped[i](level)
            levels.append(resized(level, GRID))
        merged = self.merge(torch.cat(levels, 1))
        return resized(self.map(merged + self.refine_merged(merged)), size)


class PcsNet(Method):
    size, batch = 224, 2

    def __init__(self, lean):
        self.draws = np.random.default_rng(0)
        self.teacher, self.descriptor, self.segmentation = Teacher().requires_grad_(False), Descriptor(), Segmentation(lean)
        self.radius, self.prototypes = nn.Parameter(torch.tensor([1e-5])), torch.randn(sum(CHANNELS), GRID * GRID)
        self.trained, self.frozen = [self.descriptor, self.segmentation], [self.teacher]
        self.pictures = self.draws.integers(0, 256, (self.batch, 256, 256, 3), np.uint8)
        adaption = dict(params=[*self.descriptor.parameters(), self.radius])
        self.optimiser = torch.optim.Adam([adaption, dict(params=self.segmentation.parameters(), lr=1e-4)], lr=1e-3, weight_decay=1e-5, amsgrad=True)

    def described(self, images):
        with torch.no_grad():
            taps = [F.leaky_relu(tap, 0.01) for tap in self.teacher(images, before_relu=True)]
        return self.descriptor(taps)

    def distances(self, description):
        """From each position to each prototype."""
        positions = description.flatten(2).transpose(1, 2)
        squares = (positions ** 2).sum(2, keepdim=True) + (self.prototypes ** 2).sum(0) - 2 * positions @ self.prototypes
        return squares.sqrt()

    def layers(self, nearest):
        return nearest.transpose(1, 2).reshape(len(nearest), -1, GRID, GRID)

    def step(self):
        crop = slice(16, 240)
        pasted, masks = zip(*(swapped(picture, self.draws, patches=1) for picture in self.pictures))
        good = torch.stack([normalised(picture[crop, crop]) for picture in self.pictures])
        pasted = torch.stack([normalised(picture[crop, crop]) for picture in pasted])
        mask = torch.from_numpy(np.stack(masks)[:, None, crop, crop])
        grid_mask = F.interpolate(mask, (GRID, GRID), mode="bilinear", align_corners=False, antialias=True)
        replaced = (torch.arange(self.batch) < self.batch // 2).float()[torch.randperm(self.batch)]
        chosen = replaced[:, None, None, None]
        mixed, mixed_mask = good * (1 - chosen) + pasted * chosen, mask * chosen
        yield "synthesis"
        near = self.distances(self.described(good)).topk(3, largest=False).values
        near_loss = 1000 * F.relu(near - self.radius ** 2).mean()
        far = (self.layers(self.distances(self.described(pasted))) * grid_mask).topk(3, largest=False).values
        far_loss = 1000 * F.relu((self.radius + 0.2) ** 2 - far).mean()
        description = self.described(mixed)
        nearest = self.distances(description).topk(NEIGHBOURS, largest=False).values
        scores = nearest[..., :3].flatten(1).topk(50).values.mean(1)
        disparity = -(replaced * scores.log_softmax(0)).sum()
        maps = self.segmentation(description[:, :WIDTH], self.layers(nearest), self.size)
        loss = near_loss + far_loss + 50 * disparity + 40 * F.mse_loss(maps, mixed_mask)
        yield "forward"
        yield from self.update(loss, self.optimiser)

    def predict(self, image):
        description = self.described(image)
        nearest = self.distances(description).topk(NEIGHBOURS, largest=False).values
        return smoothed(self.segmentation(description[:, :WIDTH], self.layers(nearest), self.size))


METHODS = {"pcsnet": PcsNet}

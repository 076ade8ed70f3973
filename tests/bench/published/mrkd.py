"""MRKD (Jiang, Cao and Shen, Knowledge-Based Systems 280, 2023): patches of the image itself without a background, and masks in training and prediction. The median
filter of labels, which no loss reads, is left out."""
import numpy as np
import torch
import torch.nn as nn

from resnet import CHANNELS, Bottleneck, Decoder, Method, Teacher, cosine_map, normalised, whole_cosine


def swapped(image, draws, patches=3, low=0.03, high=0.4):
    """The image with blocks of it at other places, and where they are."""
    size, result, mask = np.array(image.shape[:2]), image.copy(), np.zeros(image.shape[:2], np.float32)
    least = np.rint(low * size).astype(int)
    for i in range(patches):
        if i > 0 and draws.integers(2) == 0:
            continue
        half = np.clip((0.03 + draws.gamma(2, 0.05, 2)) * size, least, np.rint(high * size)).astype(int)
        centre = draws.integers(least, size - least)
        start, end = np.maximum(centre - half, 0), np.minimum(centre + half, size)
        height, width = end - start
        top, left = draws.integers((end - start) // 2 + 1, size - (end - start) // 2 - 1) - (end - start) // 2
        result[top:top + height, left:left + width] = image[start[0]:end[0], start[1]:end[1]]
        mask[top:top + height, left:left + width] = 1
    return result, mask


class Mrkd(Method):
    def __init__(self, lean):
        self.draws = np.random.default_rng(0)
        self.teacher, self.bottleneck, self.decoder = Teacher().requires_grad_(False), Bottleneck(), Decoder()
        self.generations = nn.ModuleList(nn.Sequential(nn.Conv2d(c, c, 3, padding=1), nn.ReLU(), nn.Conv2d(c, c, 3, padding=1)) for c in CHANNELS)
        self.unused = nn.Conv2d(2048, 512, 1, bias=False)
        self.trained, self.frozen = [self.bottleneck, self.decoder, self.generations, self.unused], [self.teacher]
        self.pictures = self.draws.integers(0, 256, (self.batch, self.size, self.size, 3), np.uint8)
        self.optimiser = self.adam(*self.trained)

    def restored(self, taps):
        levels = self.decoder(self.bottleneck(taps))
        masks = [(torch.rand(len(level), 1, *level.shape[2:]) <= 0.8).float() for level in reversed(levels)]
        return [generate(level * mask) for generate, level, mask in zip(self.generations, levels, reversed(masks))]

    def step(self):
        clean = torch.stack([normalised(picture) for picture in self.pictures])
        pasted = torch.stack([normalised(swapped(picture, self.draws)[0]) for picture in self.pictures])
        yield "synthesis"
        with torch.no_grad():
            taps, seen = self.teacher(clean), self.teacher(pasted)
        yield "teacher"
        loss = whole_cosine(taps, self.restored(seen))
        yield "forward"
        yield from self.update(loss, self.optimiser)

    def predict(self, image):
        taps = self.teacher(image)
        return cosine_map(taps, self.restored(taps), self.size)


METHODS = {"mrkd": Mrkd}

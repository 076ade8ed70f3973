"""AAND (arXiv 2405.02068): `aand-amplification` is its first stage, `aand` its second. Of the synthesis of defects the noise is drawn and turned; textures, which
other libraries make of photos, are left out: a noise image stands for them."""
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from scipy.ndimage import rotate

from resnet import CHANNELS, Bottleneck, Decoder, Method, Teacher, cosine_map, whole_cosine


def position_code(c, h, w):
    rates = torch.exp(-2 * torch.arange(c // 4) * math.log(1e4) / (c // 2))[:, None, None]
    x, y = torch.arange(w).expand(h, w) * rates, torch.arange(h)[:, None].expand(h, w) * rates
    return torch.cat([torch.stack([axis.sin(), axis.cos()], 1).flatten(0, 1) for axis in (x, y)])


class Amplification(nn.Module):
    def __init__(self, c, size):
        super().__init__()
        e = min(2 * c, 1024)
        self.query, self.scaling = (nn.Sequential(nn.Conv2d(c, e, 1), nn.ReLU(), nn.Conv2d(e, e, 1), nn.ReLU(), nn.Conv2d(e, c, 1)) for _ in range(2))
        self.items = nn.Parameter(torch.randn(1, 100, c))
        self.code = position_code(c, size, size)

    def gate(self, features):
        query = self.query(features + self.code).flatten(2).transpose(1, 2)
        products = query @ self.items[0].t() / (query.norm(dim=2, keepdim=True) * self.items[0].norm(dim=1))
        return (products / 0.2).softmax(2)[..., 50:].sum(2).reshape(len(features), 1, *features.shape[2:])

    def residual(self, features):
        return self.scaling(features).tanh() * features


def perlin(rows, columns, size, draws):
    angles = draws.uniform(0, 2 * math.pi, (rows + 1, columns + 1))
    (cell_y, cell_x), position = (size // rows, size // columns), np.arange(size)
    (y, in_y), (x, in_x) = (position // cell_y, position % cell_y / cell_y), (position // cell_x, position % cell_x / cell_x)

    def corner(down, right):
        angle = angles[np.ix_(y + down, x + right)]
        return np.cos(angle) * (in_y - down)[:, None] + np.sin(angle) * (in_x - right)

    def fade(t):
        return t ** 3 * (t * (6 * t - 15) + 10)

    def mix(a, b, t):
        return a + t * (b - a)

    fy = fade(in_y)[:, None]
    return math.sqrt(2) * mix(mix(corner(0, 0), corner(1, 0), fy), mix(corner(0, 1), corner(1, 1), fy), fade(in_x))


class AandAmplification(Method):
    def __init__(self, lean):
        self.draws = np.random.default_rng(0)
        self.teacher = Teacher().requires_grad_(False)
        self.levels = nn.ModuleList(Amplification(c, self.size // (c // 16)) for c in CHANNELS)
        self.trained, self.frozen = [self.levels], [self.teacher]
        self.images, self.textures = torch.randn(self.batch, 3, self.size, self.size), torch.randn(self.batch, 3, self.size, self.size)
        self.optimiser = self.adam(self.levels)

    def mask(self):
        rows, columns = 2 ** self.draws.integers(0, 6, 2)
        for _ in range(11):
            noise = rotate(perlin(rows, columns, self.size, self.draws), self.draws.uniform(-90, 90), reshape=False, order=1)
            if (noise > 0.5).sum() > 4:
                break
        return torch.from_numpy((noise > 0.5).astype(np.float32))[None]

    def defective(self, image, texture):
        mask, showing = self.mask(), 0.8 * self.draws.random()
        if self.draws.random() > 0.8:
            return image, torch.zeros_like(mask)
        return image * (1 - mask) + (1 - showing) * texture * mask + showing * image * mask, mask

    def step(self):
        images, masks = map(torch.stack, zip(*map(self.defective, self.images, self.textures)))
        foreground = torch.ones_like(masks)
        yield "synthesis"
        with torch.no_grad():
            taps = self.teacher(images)
        yield "teacher"
        focal = amplification = 0
        for level, tap in zip(self.levels, taps):
            defect, fore = ((F.adaptive_avg_pool2d(mask, tap.shape[2:]) > 0.3).float() for mask in (masks, foreground))
            gate, advanced = level.gate(tap), tap + defect * level.residual(tap)
            missed, invented = (1 - gate) ** 2 * defect * gate.log(), gate ** 2 * (1 - defect) * (1 - gate).log()
            focal = focal - (0.8 * missed + 0.2 * invented).mean()
            amplification = amplification + self.amplification(tap, advanced, defect, fore)
        loss = focal + 0.1 * amplification
        yield "forward"
        yield from self.update(loss, self.optimiser)

    def amplification(self, tap, advanced, defect, fore):
        features, advanced = (f.permute(0, 2, 3, 1).reshape(-1, f.shape[1]) for f in (tap, advanced))
        defective, normal = (place.flatten().nonzero().flatten() for place in (defect > 0, (defect == 0) & (fore > 0)))
        if len(defective) == 0 or len(normal) == 0:
            return 0
        defective, normal = (places[torch.randperm(len(places))[:most]] for places, most in ((defective, 1000), (normal, 5000)))
        units = F.normalize(features[normal])
        before, after = units @ F.normalize(features[defective]).t(), units @ F.normalize(advanced[defective]).t()
        return F.relu(after - (before - 0.3)).mean()

    def advanced(self, taps):
        return [tap + level.gate(tap) * level.residual(tap) for level, tap in zip(self.levels, taps)]

    def predict(self, image):
        taps = self.teacher(image)
        return cosine_map(self.advanced(taps), taps, self.size)


class Aand(AandAmplification):
    def __init__(self, lean):
        super().__init__(lean)
        self.bottleneck, self.decoder = Bottleneck(), Decoder()
        self.trained, self.frozen = [self.bottleneck, self.decoder], [self.teacher, self.levels.requires_grad_(False)]
        self.optimiser = self.adam(*self.trained)

    def step(self):
        with torch.no_grad():
            taps = self.advanced(self.teacher(self.images))
        yield "teacher"
        restored = self.decoder(self.bottleneck(taps))
        hard = sum((1 - F.cosine_similarity(t, s)).flatten(1).topk(10).values.mean() for t, s in zip(taps, restored))
        loss = hard + whole_cosine(taps, restored)
        yield "forward"
        yield from self.update(loss, self.optimiser)

    def predict(self, image):
        taps = self.advanced(self.teacher(image))
        return cosine_map(taps, self.decoder(self.bottleneck(taps)), self.size)


METHODS = {"aand-amplification": AandAmplification, "aand": Aand}

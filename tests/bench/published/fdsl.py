"""FDSL (2025) with a small tower of random weights: `fdsl-head` trains its head on images that are all varied, so that the tower sees every one, and `fdsl` judges
a whole image without windows. Images are 224 pixels, 16x16 patches; in Falcon the tower is clip_vit_p14_w192_h3_d12_g16_o64_gelu."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from resnet import Method

PATCH, WIDTH, HEADS, DEPTH, SIDE = 14, 192, 3, 12, 16


class TowerBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.before, self.after, self.attention = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH), nn.MultiheadAttention(WIDTH, HEADS)
        self.perceptron = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH))

    def forward(self, x):
        y = self.before(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        return x + self.perceptron(self.after(x))


class Tower(nn.Module):
    """Unit vectors of patches, (N, 256, C), after each quarter of the blocks."""
    def __init__(self):
        super().__init__()
        self.patches, self.first = nn.Conv2d(3, WIDTH, PATCH, PATCH, bias=False), nn.LayerNorm(WIDTH)
        self.token, self.positions = nn.Parameter(torch.randn(WIDTH)), nn.Parameter(torch.randn(SIDE * SIDE + 1, WIDTH))
        self.blocks = nn.ModuleList(TowerBlock() for _ in range(DEPTH))
        self.eval().requires_grad_(False)

    def forward(self, images):
        patches = self.patches(images).flatten(2).transpose(1, 2)
        x = self.first(torch.cat([self.token.expand(len(images), 1, WIDTH), patches], 1) + self.positions).transpose(0, 1)
        taps = []
        for i, block in enumerate(self.blocks, 1):
            x = block(x)
            if i % (DEPTH // 4) == 0:
                taps.append(F.normalize(x.transpose(0, 1)[:, 1:], dim=-1))
        return taps


class Head(nn.Module):
    """Probabilities of a patch from its residual at each tap, and what a convolution over its neighbours makes of them."""
    def __init__(self):
        super().__init__()
        widths = WIDTH, 512, 128, 32
        self.classifiers = nn.ModuleList(nn.Sequential(
            nn.BatchNorm1d(WIDTH), *(layer for i, o in zip(widths, widths[1:]) for layer in (nn.Linear(i, o, bias=False), nn.BatchNorm1d(o), nn.ReLU())),
            nn.Linear(32, 2), nn.Softmax(-1)) for _ in range(4))
        self.neighbours = nn.Sequential(nn.Conv2d(2, 6, 5, padding=2), nn.ReLU(), nn.Conv2d(6, 2, 5, padding=2), nn.Softmax(1))

    def forward(self, residuals):
        maps = []
        for classify, residual in zip(self.classifiers, residuals):
            own = classify(residual.flatten(0, 1)).reshape(-1, SIDE, SIDE, 2).permute(0, 3, 1, 2)
            maps += [own, self.neighbours(own)]
        return maps


def focal(p, truth):
    q = (truth.clamp(1e-5, 1 - 1e-5) * p).sum(1) + 1e-5
    return -((1 - q) ** 2 * q.log()).mean()


def dice(p, y):
    return 1 - ((2 * (p * y).sum((1, 2)) + 1) / (p.sum((1, 2)) + y.sum((1, 2)) + 1)).mean()


class Fdsl(Method):
    size, batch, normals = PATCH * SIDE, 8, 5

    def __init__(self, lean):
        self.tower, self.head = Tower(), Head()
        self.trained, self.frozen = [self.head], [self.tower]
        with torch.no_grad():
            self.memory = [tap.flatten(0, 1) for tap in self.tower(torch.randn(self.normals, 3, self.size, self.size))]

    def residuals(self, images):
        with torch.no_grad():
            taps = self.tower(images)
            return [(tap - memory[(tap @ memory.t()).argmax(-1)]).abs() for tap, memory in zip(taps, self.memory)]

    def predict(self, image):
        maps = self.head(self.residuals(image))[1::2]
        return sum(F.interpolate(m[:, 1:], (240, 240), mode="bilinear", align_corners=True) for m in maps) / 4


class FdslHead(Fdsl):
    normals = 10

    def __init__(self, lean):
        super().__init__(lean)
        self.images, self.masks = torch.randn(self.batch, 3, self.size, self.size), (torch.rand(self.batch, self.size, self.size) > 0.9).float()
        self.optimiser = self.adam(self.head, rate=1e-3)

    def step(self):
        residuals = self.residuals(self.images)
        yield "teacher"
        maps = [F.interpolate(m, self.size, mode="bilinear", align_corners=True) for m in self.head(residuals)]
        truth = torch.stack([1 - self.masks, self.masks], 1)
        loss = sum(focal(m, truth) + dice(m[:, 1], self.masks) for m in maps)
        yield "forward"
        yield from self.update(loss, self.optimiser)


METHODS = {"fdsl": Fdsl, "fdsl-head": FdslHead}

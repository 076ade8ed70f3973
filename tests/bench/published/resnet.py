"""What the published codes share: ResNet-18 as the teacher, and reverse distillation (Deng and Li, CVPR 2022) with its losses and its map."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from scipy.ndimage import gaussian_filter

CHANNELS = 64, 128, 256


def conv(i, o, kernel=3, stride=1):
    return nn.Conv2d(i, o, kernel, stride=stride, padding=kernel // 2, bias=False)


class Block(nn.Module):
    """Two 3x3 convolutions beside a shortcut; one that doubles the size begins both with transposed 2x2 convolutions."""
    def __init__(self, i, o, stride=1, doubles=False):
        super().__init__()
        first, short = (nn.ConvTranspose2d(i, o, 2, stride=2, bias=False) for _ in range(2)) if doubles else (conv(i, o, 3, stride), conv(i, o, 1, stride))
        self.branch = nn.Sequential(first, nn.BatchNorm2d(o), nn.ReLU(inplace=True), conv(o, o), nn.BatchNorm2d(o))
        self.shortcut = nn.Sequential(short, nn.BatchNorm2d(o)) if doubles or stride > 1 or i != o else nn.Identity()

    def before_relu(self, x):
        return self.branch(x) + self.shortcut(x)

    def forward(self, x):
        return F.relu(self.before_relu(x), inplace=True)


class Teacher(nn.Module):
    """The features of layer1, layer2 and layer3, and what the ReLU that closes each layer reads."""
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1))
        self.layers = nn.ModuleList(nn.Sequential(Block(i, o, s), Block(o, o)) for i, o, s in ((64, 64, 1), (64, 128, 2), (128, 256, 2)))
        self.eval()

    def forward(self, x, before_relu=False):
        x, taps = self.stem(x), []
        for first, last in self.layers:
            before = last.before_relu(first(x))
            x = F.relu(before)
            taps.append(before if before_relu else x)
        return taps


class Bottleneck(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(conv(64, 128, 3, 2), nn.BatchNorm2d(128), nn.ReLU(inplace=True), conv(128, 256, 3, 2), nn.BatchNorm2d(256), nn.ReLU(inplace=True))
        self.second = nn.Sequential(conv(128, 256, 3, 2), nn.BatchNorm2d(256), nn.ReLU(inplace=True))
        self.code = nn.Sequential(Block(768, 512, 2), Block(512, 512))
        self.unused = nn.Sequential(conv(1024, 512, 1), nn.BatchNorm2d(512))

    def forward(self, taps):
        return self.code(torch.cat([self.first(taps[0]), self.second(taps[1]), taps[2]], 1))


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.Sequential(Block(2 * c, c, doubles=True), Block(c, c)) for c in reversed(CHANNELS))

    def forward(self, code):
        levels = []
        for layer in self.layers:
            code = layer(code)
            levels.insert(0, code)
        return levels


def whole_cosine(teacher, student):
    """1 - the cosine of whole maps, averaged over the batch and added over the levels."""
    return sum((1 - F.cosine_similarity(t.flatten(1), s.flatten(1))).mean() for t, s in zip(teacher, student))


def cosine_map(teacher, student, size):
    levels = (F.interpolate(1 - F.cosine_similarity(t, s)[:, None], size, mode="bilinear", align_corners=True) for t, s in zip(teacher, student))
    return smoothed(sum(levels))


def smoothed(maps):
    return gaussian_filter(maps[0, 0].numpy(), sigma=4)


def normalised(pixels):
    """(H, W, 3) bytes as ImageNet's statistics have it."""
    x = torch.from_numpy(pixels).permute(2, 0, 1).float() / 255
    return (x - torch.tensor([0.485, 0.456, 0.406])[:, None, None]) / torch.tensor([0.229, 0.224, 0.225])[:, None, None]


class Method:
    """A step gives the name of each of its parts when it has ended. What is trained is in `trained`, what is not in `frozen`."""
    size, batch = 256, 16

    def adam(self, *modules, rate=5e-3, betas=(0.5, 0.999), **other):
        return torch.optim.Adam([p for module in modules for p in module.parameters()], lr=rate, betas=betas, **other)

    def update(self, loss, *optimisers):
        for optimiser in optimisers:
            optimiser.zero_grad()
        loss.backward()
        yield "backward"
        for optimiser in optimisers:
            optimiser.step()
        yield "optimiser"

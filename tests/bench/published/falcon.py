"""FALCON: the three class activation maps at every step, each by a run of the teacher and back to its layer, two further runs of the teacher, separate calls for clean
and noised inputs, two Adam optimisers; batches of one image."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from resnet import Method, Teacher


def conv(i, o, stride=1):
    return nn.Conv2d(i, o, 3, stride=stride, padding=1)


def unit(i, o, stride=1):
    return conv(i, o, stride), nn.BatchNorm2d(o), nn.ReLU()


def spread(levels):
    """The smallest value 0, the largest 1."""
    return (levels - levels.min()) / (levels.max() - levels.min() + 1e-7)


class Falcon(Method):
    batch = 1

    def __init__(self, lean):
        self.teacher = Teacher().requires_grad_(False)
        self.student = nn.Sequential(*unit(128, 128, 2), conv(128, 256))
        self.autoencoder = nn.Sequential(*unit(128, 64), *unit(64, 64, 2), conv(64, 32), *unit(32, 64), conv(64, 256))
        self.fusion = nn.Sequential(*unit(512, 256), conv(256, 256))
        self.detector = nn.Sequential(*unit(512, 128), *unit(128, 64), nn.Conv2d(64, 1, 1), nn.Sigmoid())
        self.trained, self.frozen = [self.student, self.autoencoder, self.fusion, self.detector], [self.teacher]
        other = dict(rate=3e-4, betas=(0.9, 0.99), weight_decay=1e-5)
        self.optimiser, self.detectors = self.adam(*self.trained[:3], **other), self.adam(self.detector, **other)
        self.image = torch.randn(1, 3, self.size, self.size)

    def activation_map(self, x, layer):
        """Of the teacher's weights only those of the layer take gradients."""
        self.teacher.layers[layer].requires_grad_(True)
        a = self.teacher(x)[layer]
        a.retain_grad()
        variance = a.var(dim=1, keepdim=True)
        ((a * variance).sum() / variance.sum()).backward()
        self.teacher.layers[layer].requires_grad_(False)
        alpha = a.grad ** 2 / (2 * a.grad ** 2 + (a * a.grad ** 3).sum(dim=(2, 3), keepdim=True) + 1e-7)
        weights = (alpha * F.relu(a.grad)).sum(dim=(2, 3), keepdim=True)
        levels = F.relu((weights * a).sum(dim=1, keepdim=True)).detach()
        return F.interpolate(spread(levels), size=x.shape[2:], mode="bilinear", align_corners=False)

    def noised(self, x):
        first, _, third = (self.activation_map(x, layer) for layer in range(3))
        _ = 0.5 * first + 0.5 * third
        noised, mask = x.clone(), torch.zeros(1, 1, 64, 64)
        noised[:, :, 100:130, 100:130] = x[:, :, 20:50, 30:60]
        mask[:, :, 25:32, 25:32] = 1
        return noised, mask

    def step(self):
        x, (noised, mask) = self.image, self.noised(self.image)
        yield "synthesis"
        with torch.no_grad():
            (_, f2, f3), (_, f2n, f3n) = self.teacher(x), self.teacher(noised)
        yield "teacher"
        st, stn, ae, aen = self.student(f2), self.student(f2n), self.autoencoder(f2), self.autoencoder(f2n)
        fused, fused_n = self.fusion(torch.cat([st, ae], 1)), self.fusion(torch.cat([stn, aen], 1))
        mask = F.interpolate(mask, size=f3.shape[2:], mode="bilinear", align_corners=False)
        loss = sum(F.mse_loss(prediction, f3) for prediction in (st, stn, ae, aen)) + F.mse_loss(fused, f3) + ((fused_n - f3) ** 2 * (1 + mask)).mean()
        yield "forward"
        yield from self.update(loss, self.optimiser)
        good, bad = self.detector(torch.cat([fused.detach(), f3], 1)), self.detector(torch.cat([fused_n.detach(), f3n], 1))
        for _ in self.update(F.binary_cross_entropy(good, torch.zeros_like(good)) + F.binary_cross_entropy(bad, mask), self.detectors):
            pass
        yield "detector"

    def predict(self, image):
        _, f2, f3 = self.teacher(image)
        st, ae = self.student(f2), self.autoencoder(f2)
        fused = self.fusion(torch.cat([st, ae], 1))
        errors = [((f3 - prediction) ** 2).mean(1, keepdim=True) for prediction in (st, ae, fused)]
        return 0.3 * errors[0] + 0.3 * errors[1] + 0.2 * errors[2] + 0.2 * self.detector(torch.cat([fused, f3], 1))


METHODS = {"falcon": Falcon}

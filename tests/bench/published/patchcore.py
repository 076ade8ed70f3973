"""PatchCore (Roth et al., CVPR 2022): a tenth of the patches of layer2 and layer3, chosen greedily in a random projection to 128 numbers, and the nearest of them.
Its one step is the whole training, of five images or as many as are asked for. Wants a PyTorch whose products of matrices are fast: Debian's needs libopenblas0-pthread."""
import torch
import torch.nn.functional as F

from resnet import Method, Teacher

SHARE, PROJECTED = 0.1, 128


class PatchCore(Method):
    batch = 5

    def __init__(self, lean):
        self.teacher, self.trained = Teacher(), []
        self.frozen = [self.teacher]
        self.images = torch.randn(self.batch, 3, self.size, self.size)

    def patches(self, images):
        with torch.no_grad():
            _, second, third = self.teacher(images)
        second, third = F.avg_pool2d(second, 3, 1, 1), F.avg_pool2d(third, 3, 1, 1)
        third = F.interpolate(third, second.shape[2:], mode="bilinear", align_corners=False)
        return torch.cat([second, third], 1).permute(0, 2, 3, 1).flatten(0, 2)

    def step(self):
        patches = torch.cat([self.patches(image[None]) for image in self.images])
        yield "teacher"
        projected = patches @ torch.randn(patches.shape[1], PROJECTED) / PROJECTED ** 0.5
        chosen, nearest = [0], torch.full((len(patches), 1), torch.inf)
        for _ in range(int(SHARE * len(patches)) - 1):
            nearest = torch.minimum(nearest, F.pairwise_distance(projected, projected[chosen[-1]][None]).reshape(-1, 1))
            chosen.append(int(nearest.argmax()))
        self.bank = patches[chosen]
        yield "coreset"

    def predict(self, image):
        return torch.cdist(self.patches(image), self.bank).topk(1, largest=False, dim=1).values.reshape(self.size // 8, -1)


METHODS = {"patchcore": PatchCore}

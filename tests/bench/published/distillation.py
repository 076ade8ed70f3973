"""STPM (Wang et al., BMVC 2021) and reverse distillation (Deng and Li, CVPR 2022). The published code of the latter lets gradients flow into the teacher, which it
never uses; `--lean` leaves them out."""
import torch
import torch.nn.functional as F

from resnet import Bottleneck, Decoder, Method, Teacher, cosine_map, whole_cosine


class Stpm(Method):
    batch = 32

    def __init__(self, lean):
        self.teacher, self.student = Teacher(), Teacher()
        self.student.train()
        self.trained, self.frozen = [self.student], [self.teacher]
        self.images = torch.randn(self.batch, 3, self.size, self.size)
        self.optimiser = torch.optim.SGD(self.student.parameters(), lr=0.4, momentum=0.9, weight_decay=1e-4)

    def distances(self, image):
        with torch.no_grad():
            taps = self.teacher(image)
        return [(F.normalize(t) - F.normalize(s)).square().sum(1, keepdim=True) for t, s in zip(taps, self.student(image))]

    def step(self):
        loss = sum(distance.mean() for distance in self.distances(self.images))
        yield "forward"
        yield from self.update(loss, self.optimiser)

    def predict(self, image):
        product = 1
        for distance in self.distances(image):
            product = product * F.interpolate(distance, self.size // 4, mode="bilinear", align_corners=False)
        return F.interpolate(product, self.size, mode="bilinear", align_corners=False)


class ReverseDistillation(Method):
    def __init__(self, lean):
        self.teacher, self.bottleneck, self.decoder = Teacher().requires_grad_(not lean), Bottleneck(), Decoder()
        self.trained, self.frozen = [self.bottleneck, self.decoder], [self.teacher]
        self.images = torch.randn(self.batch, 3, self.size, self.size)
        self.optimiser = self.adam(*self.trained)

    def restored(self, taps):
        return self.decoder(self.bottleneck(taps))

    def step(self):
        taps = self.teacher(self.images)
        yield "teacher"
        loss = whole_cosine(taps, self.restored(taps))
        yield "forward"
        yield from self.update(loss, self.optimiser)

    def predict(self, image):
        taps = self.teacher(image)
        return cosine_map(taps, self.restored(taps), self.size)


METHODS = {"stpm": Stpm, "rd": ReverseDistillation}

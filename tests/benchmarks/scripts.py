"""The two figures as a chapter draws them that calls Matplotlib by hand.

They are scripts for the directive and the notebooks to run, so they are text here.
"""

SETUP = """\
import matplotlib.pyplot as plt
import numpy as np

START = (@START@)


def loss(a, b):
    return a**2 + b**2 + np.sin(3 * a) / 2 + np.cos(3 * b) / 2


def gradient(a, b):
    return 2 * a + 1.5 * np.cos(3 * a), 2 * b - 1.5 * np.sin(3 * b)


def step(point, rate):
    return [value - rate * slope for value, slope in zip(point, gradient(*point))]


side = np.linspace(-2, 2, 100)
A, B = np.meshgrid(side, side)
L = loss(A, B)
"""

DESCENT = """\
path = [START]
for _ in range(50):
    path.append(step(path[-1], 0.1))
a, b = np.array(path).T
heights = loss(a, b)

figure = plt.figure(figsize=(12, 5))

relief = figure.add_subplot(1, 2, 1, projection="3d")
relief.plot_surface(A, B, L, cmap="viridis", alpha=0.7, edgecolor="none")
relief.plot(a, b, heights, "r.-", linewidth=2, markersize=8, label="GD path")
relief.scatter(a[:1], b[:1], heights[:1], color="green", s=100, label="Start")
relief.scatter(a[-1:], b[-1:], heights[-1:], color="red", s=100, label="End")
relief.set(xlabel="Parameter 1", ylabel="Parameter 2", zlabel="Loss", title="3D Loss Surface")
relief.legend()

flat = figure.add_subplot(1, 2, 2)
lines = flat.contour(A, B, L, levels=20, cmap="viridis")
flat.plot(a, b, "r.-", linewidth=2, markersize=8)
flat.scatter(a[:1], b[:1], color="green", s=100, zorder=5, label="Start")
flat.scatter(a[-1:], b[-1:], color="red", s=100, zorder=5, label="End")
flat.set(xlabel="Parameter 1", ylabel="Parameter 2", title="Contour View")
flat.legend()
figure.colorbar(lines, ax=flat, label="Loss")

plt.tight_layout()
plt.show()
"""

LEAN_DESCENT = """\
path = [START]
for _ in range(50):
    path.append(step(path[-1], 0.1))
a, b = np.array(path).T
heights = loss(a, b)

figure = plt.figure(figsize=(5.5, 2.6))

relief = figure.add_axes((0.02, 0.05, 0.44, 0.85), projection="3d")
relief.plot_surface(A, B, L, cmap="viridis")
relief.plot(a, b, heights, "r.-")
relief.set(xlabel="θ₁", ylabel="θ₂", zlabel="Loss", title="Loss surface")

flat = figure.add_axes((0.56, 0.15, 0.36, 0.75))
flat.contourf(A, B, L, levels=20, cmap="viridis")
flat.plot(a, b, "r.-")
flat.plot(a[:1], b[:1], "go")
flat.plot(a[-1:], b[-1:], "rs")
flat.set(xlabel="θ₁", ylabel="θ₂", title="Contours")
plt.show()
"""

LEAN_RATES = """\
figure = plt.figure(figsize=(5.5, 2.2))
settings = {"Too Small (0.01)": 0.01, "Good (0.1)": 0.1, "Too Large (0.5)": 0.5}
for number, (title, rate) in enumerate(settings.items()):
    panel = figure.add_axes((0.08 + 0.31 * number, 0.18, 0.27, 0.68))
    path = [START]
    for _ in range(50):
        path.append([np.clip(value, -3, 3) for value in step(path[-1], rate)])
    a, b = np.array(path).T
    panel.contourf(A, B, L, levels=20, cmap="viridis")
    panel.plot(a, b, "r.-")
    panel.plot(a[:1], b[:1], "go")
    panel.plot(a[-1:], b[-1:], "rs")
    panel.set(xlabel="θ₁", ylabel="θ₂", title=title, xlim=(-2.5, 2.5), ylim=(-2.5, 2.5))
plt.show()
"""

RATES = """\
figure, row = plt.subplots(1, 3, figsize=(15, 4))
settings = {"Too Small (0.01)": 0.01, "Good (0.1)": 0.1, "Too Large (0.5)": 0.5}
for panel, (title, rate) in zip(row, settings.items()):
    path = [START]
    for _ in range(50):
        path.append([np.clip(value, -3, 3) for value in step(path[-1], rate)])
    a, b = np.array(path).T
    panel.contour(A, B, L, levels=20, cmap="viridis", alpha=0.7)
    panel.plot(a, b, "r.-", linewidth=1, markersize=4)
    panel.scatter(a[:1], b[:1], color="green", s=100, zorder=5)
    panel.scatter(a[-1:], b[-1:], color="red", s=100, zorder=5)
    panel.set(xlabel="θ₁", ylabel="θ₂", title=title, xlim=(-2.5, 2.5), ylim=(-2.5, 2.5))

plt.tight_layout()
plt.show()
"""

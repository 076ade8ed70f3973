using ScottPlot;

namespace Falcon.Reports;

/// <summary>Draws lines and marks whole that lie on the frame of the data, where ScottPlot cuts them in half.</summary>
/// <param name="margin">How far they may reach beyond it, in pixels.</param>
internal sealed class RenderBeyondFrame(float margin) : IRenderAction
{
    public void Render(RenderPack pack)
    {
        foreach (var plottable in pack.Plot.PlottableList)
        {
            plottable.Axes.DataRect = pack.DataRect;
            pack.CanvasState.Save();
            pack.CanvasState.Clip(pack.DataRect.Expand(margin));
            plottable.Render(pack);
            pack.CanvasState.DisableClipping();
        }
    }
}

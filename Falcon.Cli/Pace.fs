namespace Falcon.Cli

open System

/// How fast work has gone since it began, and so how long the rest will take.
type Pace(time: TimeProvider, total: int64, item: string) =
    let start = time.GetTimestamp()

    let clock (span: TimeSpan) = if span.TotalHours >= 1.0 then span.ToString @"h\:mm\:ss" else span.ToString @"m\:ss"

    member _.Elapsed = time.GetElapsedTime start

    /// "12.3 img/s, 0:41 left"; empty before the first item.
    member this.Describe(finished: int64) =
        let seconds = this.Elapsed.TotalSeconds

        if finished <= 0L || seconds <= 0.0 then
            ""
        else
            let rate = float finished / seconds
            let left = TimeSpan.FromSeconds(float (total - finished) / rate)
            $"{rate:F1} {item}/s, {clock left} left"

    /// "500 img in 0:41, 12.3 img/s".
    member this.Summary =
        let elapsed = this.Elapsed
        $"{total} {item} in {clock elapsed}, {float total / max 1e-9 elapsed.TotalSeconds:F1} {item}/s"

/// Spans of time, for people.
module internal Falcon.Experiments.Duration

/// Seconds as `40 s`, `12 min` or `2.5 h`.
let text seconds =
    if seconds < 90.0 then $"{seconds:F0} s"
    elif seconds < 5400.0 then $"{seconds / 60.0:F0} min"
    else $"{seconds / 3600.0:F1} h"

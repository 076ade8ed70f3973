namespace Falcon.Experiments.Store

/// Results that no collection of garbage removes, nor anything that they were made from.
type Pin = { Name: string; Keys: Key list }

module internal Pins =
    /// Keeps a pin; an earlier one of the name is replaced. An `InvalidInputException` says that the name is no file name.
    val write: session: StoreSession -> pin: Pin -> unit

    /// Removes a pin; false when there is none of that name.
    val remove: store: string -> name: string -> bool

    /// All pins by name. An `InvalidInputException` names the broken ones.
    val all: store: string -> Pin list

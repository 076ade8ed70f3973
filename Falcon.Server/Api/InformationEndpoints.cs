using Falcon.Diagnostics;
using Falcon.Methods;
using Falcon.Server.Jobs;
using Falcon.Server.Safety;
using Falcon.Weights;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Falcon.Server.Api;

/// <summary>What the server is and knows, and whether it is well.</summary>
internal static class InformationEndpoints
{
    public static void Map(IEndpointRouteBuilder app, IEndpointRouteBuilder api, ServerParts server, AccessToken? token)
    {
        app.MapGet("/health/live", () => new HealthAnswer("live")).WithTags("Server").WithSummary("The process runs");
        app.MapGet("/health/ready", Results<Ok<HealthAnswer>, JsonHttpResult<HealthAnswer>> () => Readiness(server)).WithTags("Server")
            .WithSummary("Requests are taken: the home can be written, and the server does not end at the moment; else 503");

        var options = server.Options;
        var limits = new LimitsAnswer(options.MostBytes, options.MostPixels, options.MostPhotos, options.Parallel, options.MostWaiting, options.MostInspections, options.MostVersions);
        api.MapGet("", () => new ServerAnswer(BuildInfo.Current.Version, token is not null, limits)).WithTags("Server").WithSummary("The server and its limits");
        api.MapGet("/methods", () => MethodCatalog.All.Select(Answer).ToArray()).WithTags("Server").WithSummary("The methods with all their options");
        api.MapGet("/teachers", () => Teachers(WeightsStore.OfUser()))
            .WithTags("Server").WithSummary("The teachers that there are");
        api.MapPost("/session", NoContent (SessionRequest request, HttpContext context) =>
        {
            if (token is not null && !token.Is(request.Token))
                throw new ProblemException(StatusCodes.Status401Unauthorized, new Finding("the token is wrong", "token", "Give the token that the server was started with."));
            token?.Admit(context);
            return TypedResults.NoContent();
        }).WithTags("Server").WithSummary("Gives a browser a cookie for the token, so that it may show pictures");
        api.MapDelete("/session", NoContent (HttpContext context) =>
        {
            AccessToken.Dismiss(context);
            return TypedResults.NoContent();
        }).WithTags("Server").WithSummary("Takes the cookie away");
    }

    private static Results<Ok<HealthAnswer>, JsonHttpResult<HealthAnswer>> Readiness(ServerParts server)
    {
        if (server.Stopping.IsCancellationRequested)
            return TypedResults.Json(new HealthAnswer("stopping"), statusCode: StatusCodes.Status503ServiceUnavailable);
        try
        {
            server.Home.CheckWritable();
        }
        catch (InvalidInputException)
        {
            throw new ProblemException(
                StatusCodes.Status503ServiceUnavailable, new Finding("the server's folder cannot be written", "home", "Free some space there, or make it writable."));
        }
        return TypedResults.Ok(new HealthAnswer("ready"));
    }

    private static TeacherAnswer[] Teachers(WeightsStore store) =>
        [.. store.List().Select(stored => new TeacherAnswer(stored.Name, stored.Known?.Backbone, stored.Known?.Licence, store.IsAtHand(stored)))];

    private static MethodAnswer Answer(MethodOptions method) =>
        new(method.Name, method.DisplayName, method.Plan.TakesSteps, TrainingChoice.WhyNotHere(method), MethodJson.WriteAll(method));
}

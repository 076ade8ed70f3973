using System.Text.Json;
using Falcon.Server.Home;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Falcon.Server.Safety;

/// <summary>Turns everything that goes wrong into an answer of the type <c>application/problem+json</c> (RFC 9457) that says what, where and how to fix it.</summary>
internal static class Problems
{
    /// <summary>The outermost step of every request.</summary>
    /// <param name="home">The server's folder, which no answer tells.</param>
    /// <param name="log">Told of programming errors.</param>
    public static Func<HttpContext, RequestDelegate, Task> Handling(string home, Action<string>? log) => async (context, next) =>
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response.StatusCode >= 400 && context.Response.ContentLength is null && context.Response.ContentType is null)
                await Write(context, context.Response.StatusCode, [OfStatus(context)]);
        }
        catch (ProblemException problem)
        {
            if (problem.RetryAfter is { } seconds)
                context.Response.Headers.RetryAfter = $"{seconds}";
            await Write(context, problem.Status, problem.Findings);
        }
        catch (DiskFullException error)
        {
            await Write(context, StatusCodes.Status507InsufficientStorage, Without(home, error.Findings));
        }
        catch (InvalidInputException error)
        {
            await Write(context, StatusCodes.Status422UnprocessableEntity, Without(home, error.Findings));
        }
        catch (BadHttpRequestException error)
        {
            await Write(context, error.StatusCode, [OfBadRequest(error, context)]);
        }
        catch (InvalidOperationException) when (context.Request.GetTypedHeaders().ContentType is { Charset.HasValue: true, Encoding: null })
        {
            await Write(context, StatusCodes.Status415UnsupportedMediaType, [OfType]);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
            context.Abort();
        }
        catch (Exception error)
        {
            log?.Invoke($"{context.Request.Method} {context.Request.Path}: {error}");
            await Write(context, StatusCodes.Status500InternalServerError, [new("the server has failed", $"{context.Request.Method} {context.Request.Path}", "Its log says more.")]);
        }
    };

    /// <summary>Writes a problem, unless an answer has begun: then the connection is cut, so that nobody takes it for whole.</summary>
    public static async Task Write(HttpContext context, int status, IReadOnlyList<Finding> findings)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        var first = findings[0];
        context.Response.StatusCode = status;
        var problem = new ProblemDetails
        {
            Status = status,
            Title = first.What,
            Detail = string.Join(Environment.NewLine, findings.Select(finding => finding.ToString())),
            Instance = context.Request.Path,
            Extensions = { ["what"] = first.What, ["where"] = first.Where, ["fix"] = first.Fix, ["findings"] = findings },
        };
        await context.Response.WriteAsJsonAsync(problem, HomeFile.Json, "application/problem+json");
    }

    /// <summary>Says of an operation how it refuses.</summary>
    public static async Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, cancellation);
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "What is wrong, where, and how to fix it (docs/server.md)",
            Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = schema } },
        };
    }

    private static Finding[] Without(string home, IReadOnlyList<Finding> findings)
    {
        return [.. findings.Select(finding => finding with { What = Short(finding.What), Where = Short(finding.Where) })];

        string Short(string text) => text.Replace(home + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Replace(home, "the server's folder", StringComparison.Ordinal);
    }

    private static Finding OfType => new("the body is of another type", "Content-Type", "Send JSON as application/json.");

    private static Finding OfStatus(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new("there is nothing here", context.Request.Path, "GET /api/openapi.json describes what there is."),
        StatusCodes.Status405MethodNotAllowed => new($"{context.Request.Method} is not done here", context.Request.Path, $"Use {context.Response.Headers.Allow}."),
        StatusCodes.Status415UnsupportedMediaType => OfType,
        var status => new($"the request was refused with status {status}", context.Request.Path, "GET /api/openapi.json describes what there is."),
    };

    private static Finding OfBadRequest(BadHttpRequestException error, HttpContext context) => error.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => new("the body is larger than allowed", "body", "Send a smaller file; GET /api says how large it may be, --max-bytes sets it."),
        StatusCodes.Status408RequestTimeout => new("the body came too slowly", "body", "Send it again over a faster connection."),
        StatusCodes.Status415UnsupportedMediaType => OfType,
        StatusCodes.Status400BadRequest when error.InnerException is null && (HasNoBody(context.Request) || error.Message.Contains("no body was provided", StringComparison.Ordinal)) =>
            new("there is no body, or null", "body", "Send JSON as application/json; GET /api/openapi.json describes it."),
        _ when error.InnerException is JsonException json => RequestFault.OfBody(json, context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType),
        _ => RequestFault.OfQuery(error.Message),
    };

    private static bool HasNoBody(HttpRequest request) => request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0 && !HttpMethods.IsGet(request.Method);
}

using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Falcon.Server.Api;

/// <summary>What an endpoint reads by itself, for the description of the interface.</summary>
/// <param name="types">Media types of the body.</param>
internal sealed class UploadBody(params string[] types)
{
    /// <summary>Describes such bodies.</summary>
    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<UploadBody>().FirstOrDefault() is { } body)
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = body.Types.ToDictionary(type => type, Content) };
        return Task.CompletedTask;
    }

    private string[] Types => types;

    private static OpenApiMediaType Content(string type) => type switch
    {
        "application/json" => new(),
        "multipart/form-data" => new()
        {
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = new Dictionary<string, IOpenApiSchema> { ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
            },
        },
        _ => new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
    };
}

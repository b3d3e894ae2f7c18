SwaggerUIBundle({
  url: "docs/openapi-3.0.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "none",
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});

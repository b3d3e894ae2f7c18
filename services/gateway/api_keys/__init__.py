"""API keys: for pages in browsers and for back ends that do not speak OAuth."""

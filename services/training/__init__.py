"""The catalogue of certifications and the references that its entries quote."""

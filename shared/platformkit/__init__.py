"""What every service of Vigie shares: no domain word in it, except in `clients`."""

"""What the reader answers, by subject: requests in, answers out."""

"""The pages of requests and of an agency's inbox. Every one begins with `visible_to`."""

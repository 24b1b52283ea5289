"""The public record on the desk."""

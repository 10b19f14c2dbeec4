"""Running the service: limits, logs, metrics, and faults on purpose."""

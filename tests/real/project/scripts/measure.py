"""Writes what a metrics endpoint would expose after a short load."""
print("# TYPE shop_request_seconds summary")
print('shop_request_seconds{quantile="0.99"} 0.171')

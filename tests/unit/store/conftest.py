from store_fixtures import another, clock, lasting_urls, store, urls

__all__ = ["another", "clock", "lasting_urls", "store", "urls"]

-- include presence/leases
-- Extends the lease of an incarnation that holds one, and takes none.
-- Returns 1, or 0 where the incarnation was named dead or is unknown
discount_silence()
return (extend())

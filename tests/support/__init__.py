"""What the tests are made with: real servers on loopback, real stores, and faults on purpose.

worlds        rows in memory for the pure reconciler: one world, random ones, a plan of every kind
counterparts  what seatsync talks to: tenants, SCIM servers, IMDS, proxies, browsers, databases
faults        what goes wrong, and where it is made to: answers, sockets, processes, leases
scenarios     a tenant and a vendor together, with commands run on them: a night, four, a year

`licences` and `counterparts.scim_probes` also write documents (`make docs`).
"""

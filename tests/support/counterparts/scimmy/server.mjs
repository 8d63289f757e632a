// SCIMMY as it comes, over two maps. Prints its port, serves until its input ends.

import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

function keep(type, nameOf) {
    const stored = new Map();

    SCIMMY.Resources.declare(type)
        .ingress((resource, data) => {
            const id = resource.id ?? randomUUID();
            if (resource.id && !stored.has(id)) throw new SCIMMY.Types.Error(404, null, "no such resource");
            const taken = [...stored.values()].some((other) => other.id !== id && nameOf(other) === nameOf(data));
            if (taken) throw new SCIMMY.Types.Error(409, "uniqueness", "the name is taken");
            stored.set(id, { ...JSON.parse(JSON.stringify(data)), id });
            return stored.get(id);
        })
        .egress((resource) => {
            if (!resource.id) return resource.filter ? resource.filter.match([...stored.values()]) : [...stored.values()];
            if (!stored.has(resource.id)) throw new SCIMMY.Types.Error(404, null, "no such resource");
            return stored.get(resource.id);
        })
        .degress((resource) => {
            if (!stored.delete(resource.id)) throw new SCIMMY.Types.Error(404, null, "no such resource");
        });
}

SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
keep(SCIMMY.Resources.User, (user) => user.userName.toLowerCase());
keep(SCIMMY.Resources.Group, (group) => group.displayName);

const app = express();
app.use("/v2", new SCIMMYRouters({
    type: "bearer",
    handler: (request) => {
        if (request.header("Authorization") !== `Bearer ${process.env.TOKEN}`) throw new Error("the token is not accepted");
        return "seatsync";
    },
}));
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();

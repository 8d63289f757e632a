# An app registration for seatsync: it may read groups and users, and nothing else.
# Read it, then run it where the Azure CLI and openssl are, in the folder of seatsync.yaml. Granting
# consent takes the role Privileged Role Administrator. National clouds: az cloud set --name AzureUSGovernment
set -eu
umask 077                      # the private key is for you alone

# Its certificate, for a year. app.pem has the private key; Entra gets app.crt, the public part.
openssl req -x509 -newkey rsa:3072 -nodes -days 365 -subj /CN=seatsync -keyout app.key -out app.crt
cat app.crt app.key > app.pem
rm app.key

az login --allow-no-subscriptions
app=$(az ad app create --display-name seatsync --sign-in-audience AzureADMyOrg --query appId --output tsv)
az ad sp create --id "$app"
az ad app credential reset --id "$app" --append --cert @app.crt

# Application permissions (=Role) of Microsoft Graph, by their ids:
# https://learn.microsoft.com/graph/permissions-reference
graph=00000003-0000-0000-c000-000000000000
# GroupMember.Read.All: which users are in which group
az ad app permission add --id "$app" --api $graph --api-permissions 98830695-27a2-44f7-8c18-0c3ebc9698f6=Role
# User.Read.All: their names, addresses, and whether they are enabled
az ad app permission add --id "$app" --api $graph --api-permissions df021288-bdef-4463-88db-98f22de89214=Role
# Application.Read.All, if you like: `check --online` then sees single sign-on, and a secret's end
# az ad app permission add --id "$app" --api $graph --api-permissions 9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30=Role
# Member.Read.Hidden, only where one of the groups hides its members
# az ad app permission add --id "$app" --api $graph --api-permissions 658aa5d8-239f-45c4-aa12-864f4fc7e490=Role

tries=6                        # Entra needs a moment to know the new app everywhere
until az ad app permission admin-consent --id "$app"; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { echo "Grant admin consent in the portal, or run this line again"; exit 1; }
    sleep 10
done

echo "directory.tenant_id: $(az account show --query tenantId --output tsv)"
echo "directory.client_id: $app"
echo "directory.credential: {certificate: app.pem}"
echo "Next: seatsync init --interactive"
